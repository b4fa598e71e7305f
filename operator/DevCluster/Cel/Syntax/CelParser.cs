using System.Collections.Immutable;
using System.Globalization;
using ModelOperator.DevCluster.Cel.Functions;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Syntax;

/// <summary>
/// A precedence-climbing parser for the grammar of the CEL language definition. It resolves names as it goes, so that a rule with an unknown
/// variable or function is refused when its CRD is written and not when an object is.
/// </summary>
internal sealed class CelParser
{
    /// <summary>The limits of cel-go's parser on length (code points there), and a tighter one on nesting.</summary>
    public const int MaxLength = 100_000, MaxNesting = 100, MaxDepth = 300;

    private static readonly ImmutableHashSet<string> ReservedWords =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
        "var", "void", "while", "in",
    ];

    private readonly List<CelToken> _tokens;
    private readonly List<string> _scope;
    private int _at;
    private int _nesting;
    private bool _usesOldSelf;

    private CelParser(List<CelToken> tokens, IEnumerable<string> variables)
    {
        _tokens = tokens;
        _scope = [.. variables];
    }

    private CelToken Current => _tokens[_at];

    /// <param name="text">The expression.</param>
    /// <param name="variables">The names that it may use.</param>
    /// <exception cref="CelSyntaxException">Not an expression this server can evaluate.</exception>
    public static (CelExpression Expression, bool UsesOldSelf) Parse(string text, IEnumerable<string> variables)
    {
        if (text.Length > MaxLength)
        {
            throw new CelSyntaxException(MaxLength, $"the expression is longer than {MaxLength} characters");
        }

        var parser = new CelParser(CelLexer.Tokenize(text), variables);
        var expression = parser.Expression();
        if (parser.Current.Kind != CelTokenKind.End)
        {
            throw parser.Unexpected("the end of the expression");
        }

        return (expression, parser._usesOldSelf);
    }

    private CelExpression Expression()
    {
        if (++_nesting > MaxNesting)
        {
            throw new CelSyntaxException(Current.Position, $"the expression nests more than {MaxNesting} levels deep");
        }

        var result = Operation(0);
        if (Take("?"))
        {
            var then = Operation(0);
            Expect(":");
            result = Bounded(new CelExpression.Conditional(result, then, Expression()));
        }
        _nesting--;
        return result;
    }

    private CelExpression Operation(int above)
    {
        var left = Unary();
        while (BinaryOperator(Current) is var (binary, precedence) && precedence > above)
        {
            _at++;
            left = Bounded(new CelExpression.Binary(binary, left, Operation(precedence)));
        }
        return left;
    }

    private static (CelOperator Operator, int Precedence)? BinaryOperator(CelToken token) => token switch
    {
        { Kind: CelTokenKind.Identifier, Text: "in" } => (CelOperator.In, 3),
        { Kind: not CelTokenKind.Operator } => null,
        { Text: "||" } => (CelOperator.Or, 1),
        { Text: "&&" } => (CelOperator.And, 2),
        { Text: "==" } => (CelOperator.Equal, 3),
        { Text: "!=" } => (CelOperator.NotEqual, 3),
        { Text: "<" } => (CelOperator.Less, 3),
        { Text: "<=" } => (CelOperator.LessOrEqual, 3),
        { Text: ">" } => (CelOperator.Greater, 3),
        { Text: ">=" } => (CelOperator.GreaterOrEqual, 3),
        { Text: "+" } => (CelOperator.Add, 4),
        { Text: "-" } => (CelOperator.Subtract, 4),
        { Text: "*" } => (CelOperator.Multiply, 5),
        { Text: "/" } => (CelOperator.Divide, 5),
        { Text: "%" } => (CelOperator.Modulo, 5),
        _ => null,
    };

    private CelExpression Unary()
    {
        if (!Current.Is("!") && !Current.Is("-"))
        {
            return Member();
        }

        var sign = Current.Text;
        var repeats = 0;
        while (Take(sign))
        {
            repeats++;
        }
        // The most negative integer has no positive counterpart, so its sign belongs to the literal.
        var isNegativeNumber = sign == "-" && Current.Kind is CelTokenKind.Int or CelTokenKind.Double;
        var operand = Member(isNegativeNumber);
        for (var i = isNegativeNumber ? 1 : 0; i < repeats; i++)
        {
            operand = Bounded(sign == "!" ? new CelExpression.Not(operand) : new CelExpression.Negate(operand));
        }
        return operand;
    }

    private CelExpression Member(bool negative = false)
    {
        var result = Primary(negative);
        while (true)
        {
            if (Take("."))
            {
                var isOptional = Take("?");
                var name = Name();
                result = !isOptional && Current.Is("(") ? MemberCall(result, name) : new CelExpression.Select(result, name.Text, isOptional);
            }
            else if (Take("["))
            {
                var isOptional = Take("?");
                var key = Expression();
                Expect("]");
                result = new CelExpression.Index(result, key, isOptional);
            }
            else
            {
                return result;
            }
            Bounded(result);
        }
    }

    private CelExpression Primary(bool negative)
    {
        var token = Current;
        _at++;
        switch (token.Kind)
        {
            case CelTokenKind.Int:
                return new CelExpression.Literal(new CelValue.Int(Integer(token, negative)));
            case CelTokenKind.Double:
                var number = double.Parse(token.Text, CultureInfo.InvariantCulture);
                return new CelExpression.Literal(new CelValue.Double(negative ? -number : number));
            case CelTokenKind.String:
                return new CelExpression.Literal(new CelValue.String(token.Text));
            case CelTokenKind.Identifier:
                return Named(token);
            case CelTokenKind.Operator when token.Text == "(":
                var inner = Expression();
                Expect(")");
                return inner;
            case CelTokenKind.Operator when token.Text == "[":
                return Bounded(new CelExpression.ListLiteral(Expressions("]")));
            case CelTokenKind.Operator when token.Text == "{":
                return Bounded(new CelExpression.MapLiteral(Entries()));
            default:
                _at--;
                throw Unexpected("an operand");
        }
    }

    private static long Integer(CelToken token, bool negative)
    {
        var isHex = token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isRead = isHex
            ? ulong.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var magnitude)
            : ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        if (!isRead || magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
        {
            throw new CelSyntaxException(token.Position, $"{token.Text} does not fit a 64-bit integer");
        }
        return negative ? unchecked(-(long)magnitude) : (long)magnitude;
    }

    private CelExpression Named(CelToken name)
    {
        switch (name.Text)
        {
            case "true" or "false":
                return new CelExpression.Literal(new CelValue.Bool(name.Text == "true"));
            case "null":
                return new CelExpression.Literal(CelValue.Null.Instance);
        }
        if (ReservedWords.Contains(name.Text))
        {
            throw new CelSyntaxException(name.Position, $"reserved identifier: {name.Text}");
        }

        if (Current.Is("("))
        {
            return name.Text == "has" ? Has(name) : Call(name, name.Text, isMember: false, []);
        }

        if (_scope.Contains(name.Text))
        {
            _usesOldSelf |= name.Text == "oldSelf" && _scope.LastIndexOf("oldSelf") == 1;
            return new CelExpression.Variable(name.Text);
        }
        if (name.Text == "optional" && Take("."))
        {
            return Call(name, $"optional.{Name().Text}", isMember: false, []);
        }

        if (CelValue.Type.IsKnown(name.Text))
        {
            return new CelExpression.Literal(new CelValue.Type(name.Text));
        }

        throw new CelSyntaxException(name.Position, $"undeclared reference to '{name.Text}'");
    }

    private CelExpression.Has Has(CelToken name)
    {
        Expect("(");
        var argument = Expression();
        Expect(")");
        return argument is CelExpression.Select { IsOptional: false } select
            ? new CelExpression.Has(select.Operand, select.Field)
            : throw new CelSyntaxException(name.Position, "invalid argument to has() macro: it takes a field selection such as has(self.a)");
    }

    private CelExpression MemberCall(CelExpression target, CelToken name) => name.Text switch
    {
        "all" => Comprehension(CelMacro.All, target, name),
        "exists" => Comprehension(CelMacro.Exists, target, name),
        "exists_one" or "existsOne" => Comprehension(CelMacro.ExistsOne, target, name),
        "filter" => Comprehension(CelMacro.Filter, target, name),
        "map" => Comprehension(CelMacro.Map, target, name),
        _ => Call(name, name.Text, isMember: true, [target]),
    };

    private CelExpression.Call Call(CelToken at, string function, bool isMember, ImmutableArray<CelExpression> target)
    {
        if (!Current.Is("("))
        {
            throw Unexpected("'('");
        }

        _at++;
        var arguments = target.AddRange(Expressions(")"));
        var found = CelFunctions.Find(function, isMember)
            ?? throw new CelSyntaxException(at.Position, $"undeclared reference to '{function}': this server has no such {(isMember ? "member " : "")}function");
        var given = arguments.Length - target.Length;
        if (given < found.MinArguments || given > found.MaxArguments)
        {
            throw new CelSyntaxException(at.Position, $"found no matching overload for '{function}' with {given} arguments");
        }
        var call = new CelExpression.Call(found, arguments);
        Bounded(call);
        return call;
    }

    private CelExpression.Comprehension Comprehension(CelMacro macro, CelExpression range, CelToken name)
    {
        Expect("(");
        var variable = Variable();
        Expect(",");
        // all(i, x, p) has a second variable, map(x, f, t) a filter in the same place.
        var isPair = macro is not (CelMacro.Map or CelMacro.Filter) && Current.Kind == CelTokenKind.Identifier && _tokens[_at + 1].Is(",");
        var second = isPair ? Variable() : null;
        if (second is not null)
        {
            Expect(",");
        }

        _scope.Add(variable);
        if (second is not null)
        {
            _scope.Add(second);
        }

        var body = Expression();
        CelExpression? filter = null;
        if (macro == CelMacro.Map && Take(","))
        {
            (filter, body) = (body, Expression());
        }

        _scope.RemoveRange(_scope.Count - (second is null ? 1 : 2), second is null ? 1 : 2);
        if (!Take(")"))
        {
            throw new CelSyntaxException(name.Position, $"{name.Text}() takes a variable and an expression");
        }

        return new CelExpression.Comprehension(macro, range, variable, second, filter, body);
    }

    private string Variable()
    {
        var name = Name();
        return ReservedWords.Contains(name.Text)
            ? throw new CelSyntaxException(name.Position, $"reserved identifier: {name.Text}")
            : name.Text;
    }

    private ImmutableArray<CelExpression> Expressions(string end)
    {
        var result = ImmutableArray.CreateBuilder<CelExpression>();
        while (!Take(end))
        {
            if (result.Count > 0)
            {
                Expect(",");
                if (end == "]" && Take(end))
                {
                    break;
                }
            }
            result.Add(Expression());
        }
        return result.ToImmutable();
    }

    private ImmutableArray<CelExpression> Entries()
    {
        var result = ImmutableArray.CreateBuilder<CelExpression>();
        while (!Take("}"))
        {
            if (result.Count > 0)
            {
                Expect(",");
                if (Take("}"))
                {
                    break;
                }
            }
            result.Add(Expression());
            Expect(":");
            result.Add(Expression());
        }
        return result.ToImmutable();
    }

    private CelToken Name()
    {
        var token = Current;
        if (token.Kind != CelTokenKind.Identifier || token.Text is "in" or "true" or "false" or "null")
        {
            throw Unexpected("a name");
        }

        _at++;
        return token;
    }

    private bool Take(string @operator)
    {
        if (!Current.Is(@operator))
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string @operator)
    {
        if (!Take(@operator))
        {
            throw Unexpected($"'{@operator}'");
        }
    }

    private CelSyntaxException Unexpected(string expected) => new(Current.Position, $"Syntax error: found {Current} where {expected} was expected");

    private CelExpression Bounded(CelExpression expression) => expression.Depth <= MaxDepth
        ? expression
        : throw new CelSyntaxException(Current.Position, $"the expression is a chain of more than {MaxDepth} operations");
}
