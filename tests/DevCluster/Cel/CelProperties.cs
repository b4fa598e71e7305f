using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ModelOperator.DevCluster.Cel.Syntax;

namespace ModelOperator.DevCluster.Cel;

public sealed class CelProperties
{
    private static readonly Config Deterministic = Config.QuickThrowOnFailure.WithReplay(20_261_120, 15).WithMaxTest(2_000);

    private static readonly string[] Words =
    [
        "self", "oldSelf", ".", ".a", ".b", "[", "]", "(", ")", "{", "}", "1", "0", "2.5", "'x'", "null", "true", "+", "-", "*", "/", "%", "==", "!=", "<", "in",
        "&&", "||", "!", "?", ":", ",", ".all(x, ", ".map(x, x", ".filter(y, ", "has(", ".size()", ".isSorted()", ".sum()", "x", "string(", ".split('')",
        ".matches('(a|b)*c')", "duration('5m')", "optional.none()", ".?a", ".orValue(1)", ".replace('', 'yy')", "\\", "\"", "\uD800", "'\\u0041'",
    ];

    [Test]
    public void Any_text_parses_or_is_a_syntax_error_and_then_evaluates_within_its_budget()
    {
        var texts = Gen.Elements(Words).ListOf().Select(words => string.Join(' ', words));
        Check.One(Deterministic, Prop.ForAll(texts.ToArbitrary(), IsBounded));
        Check.One(Deterministic, Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => IsBounded(text ?? "")));
    }

    [Test]
    public void A_well_formed_tree_evaluates_within_its_budget_whatever_its_types() =>
        Check.One(Deterministic, Prop.ForAll(Trees(6, AnyOperator).ToArbitrary(), tree => IsBounded(tree.Minimal)));

    [Test]
    public void Parentheses_that_precedence_makes_redundant_change_nothing() =>
        Check.One(Deterministic, Prop.ForAll(Trees(5, IntegerOperator).ToArbitrary(), tree =>
            CelProgram.Compile($"({tree.Minimal}) == ({tree.Full})").Evaluate(null, null) is { Verdict: CelVerdict.True }
            || BothFail(tree)));

    private static readonly (string Symbol, int Precedence)[] IntegerOperator = [("+", 4), ("-", 4), ("*", 5), ("/", 5), ("%", 5)];

    private static readonly (string Symbol, int Precedence)[] AnyOperator =
        [.. IntegerOperator, ("&&", 2), ("||", 1), ("==", 3), ("<", 3), ("in", 3)];

    private sealed record Tree(string Minimal, string Full, int Precedence);

    private static Gen<Tree> Trees(int depth, (string Symbol, int Precedence)[] operators)
    {
        var operands = operators == IntegerOperator
            ? Gen.Choose(0, 9).Select(n => n.ToString())
            : Gen.Elements("1", "0", "2.5", "'a'", "true", "null", "[1, 'a']", "self", "self.a", "self.all(x, x)", "{'a': 1}");
        var leaves = operands
            .Select(text => new Tree(text, text, 9));
        if (depth == 0)
        {
            return leaves;
        }

        var branches =
            from @operator in Gen.Elements(operators)
            from left in Trees(depth - 1, operators)
            from right in Trees(depth - 1, operators)
            select new Tree(
                $"{Wrap(left, left.Precedence < @operator.Precedence)} {@operator.Symbol} {Wrap(right, right.Precedence <= @operator.Precedence)}",
                $"({left.Full} {@operator.Symbol} {right.Full})",
                @operator.Precedence);
        return Gen.Frequency((1, leaves), (3, branches));
    }

    private static string Wrap(Tree tree, bool needsParentheses) => needsParentheses ? $"({tree.Minimal})" : tree.Minimal;

    private static bool BothFail(Tree tree)
    {
        var minimal = CelProgram.Compile($"{tree.Minimal} == 0").Evaluate(null, null);
        var full = CelProgram.Compile($"{tree.Full} == 0").Evaluate(null, null);
        return minimal.Verdict == CelVerdict.Error && minimal.Error == full.Error;
    }

    private static bool IsBounded(string text)
    {
        CelProgram program;
        try
        {
            program = CelProgram.Compile(text);
        }
        catch (CelSyntaxException e)
        {
            return e.Position >= 0 && e.Position <= text.Length;
        }
        var outcome = program.Evaluate(JsonNode.Parse("""{"a": [1, "x", 2.5, null], "b": {"a": true}}"""), JsonValue.Create("old"), budget: 5_000);
        return outcome.IsOverBudget == outcome.Cost > 5_000;
    }
}
