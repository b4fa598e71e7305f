using System.Collections.Immutable;
using ModelOperator.DevCluster.Cel.Functions;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Syntax;

/// <summary>A node of a parsed expression; names are resolved and macros recognised. <paramref name="Depth"/> bounds the evaluator's stack.</summary>
internal abstract record CelExpression(int Depth)
{
    internal sealed record Literal(CelValue Value) : CelExpression(1);

    internal sealed record Variable(string Name) : CelExpression(1);

    /// <summary><c>operand.field</c>, or <c>operand.?field</c>.</summary>
    internal sealed record Select(CelExpression Operand, string Field, bool IsOptional) : CelExpression(Operand.Depth + 1);

    /// <summary><c>has(operand.field)</c>.</summary>
    internal sealed record Has(CelExpression Operand, string Field) : CelExpression(Operand.Depth + 1);

    /// <summary><c>operand[key]</c>, or <c>operand[?key]</c>.</summary>
    internal sealed record Index(CelExpression Operand, CelExpression Key, bool IsOptional) : CelExpression(Deepest(Operand, Key) + 1);

    internal sealed record Not(CelExpression Operand) : CelExpression(Operand.Depth + 1);

    internal sealed record Negate(CelExpression Operand) : CelExpression(Operand.Depth + 1);

    internal sealed record Binary(CelOperator Operator, CelExpression Left, CelExpression Right) : CelExpression(Deepest(Left, Right) + 1);

    internal sealed record Conditional(CelExpression Condition, CelExpression Then, CelExpression Else)
        : CelExpression(Deepest(Condition, Then, Else) + 1);

    internal sealed record ListLiteral(ImmutableArray<CelExpression> Items) : CelExpression(Deepest(Items.AsSpan()) + 1);

    /// <summary>Keys and values in turn.</summary>
    internal sealed record MapLiteral(ImmutableArray<CelExpression> KeysAndValues) : CelExpression(Deepest(KeysAndValues.AsSpan()) + 1);

    /// <summary>A call; the target of a member call is the first argument.</summary>
    internal sealed record Call(CelFunction Function, ImmutableArray<CelExpression> Arguments) : CelExpression(Deepest(Arguments.AsSpan()) + 1);

    /// <summary>
    /// A macro over a list or map. With <paramref name="SecondVariable"/> the first is the index or key and the second the value.
    /// Only <c>map</c> has both a filter and a body: <c>map(x, filter, body)</c>.
    /// </summary>
    internal sealed record Comprehension(
        CelMacro Macro, CelExpression Range, string FirstVariable, string? SecondVariable, CelExpression? Filter, CelExpression Body)
        : CelExpression(Deepest(Range, Filter ?? Body, Body) + 1);

    private static int Deepest(params ReadOnlySpan<CelExpression> children)
    {
        var deepest = 0;
        foreach (var child in children)
        {
            deepest = Math.Max(deepest, child.Depth);
        }

        return deepest;
    }
}
