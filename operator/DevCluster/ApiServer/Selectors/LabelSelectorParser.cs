using System.Globalization;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Selectors;

/// <summary>Reads label selectors, with the words of Kubernetes' own parser for what is wrong with them.</summary>
internal sealed class LabelSelectorParser
{
    private const string Operators = "in, notin, =, ==, !=, gt, lt";

    private readonly List<string> _tokens;
    private int _at;

    private LabelSelectorParser(string text) => _tokens = [.. Tokenize(text)];

    private string Current => _at < _tokens.Count ? _tokens[_at] : "";

    /// <exception cref="FormatException">The text is not a selector.</exception>
    public static IReadOnlyList<LabelRequirement> Parse(string text) => new LabelSelectorParser(text).Requirements();

    private List<LabelRequirement> Requirements()
    {
        var requirements = new List<LabelRequirement>();
        while (_at < _tokens.Count)
        {
            requirements.Add(Requirement());
            if (Current == ",")
            {
                _at++;
                if (!IsWord(Current) && Current != "!")
                {
                    throw new FormatException($"found '{Current}', expected: identifier after ','");
                }
            }
            else if (_at < _tokens.Count)
            {
                throw new FormatException($"found '{Current}', expected: ',' or 'end of string'");
            }
        }

        return requirements;
    }

    private LabelRequirement Requirement()
    {
        var absent = Current == "!";
        if (absent)
        {
            _at++;
        }

        var key = Current;
        if (!IsWord(key))
        {
            throw Unexpected("identifier");
        }

        _at++;
        if (NameRules.QualifiedName(key) is { } problem)
        {
            throw new FormatException($"unable to parse requirement: <nil>: Invalid value: {ValueText.Of(key)}: {problem}");
        }

        if (absent)
        {
            return new LabelRequirement(key, LabelOperator.DoesNotExist, []);
        }

        switch (Current)
        {
            case "" or ",":
                return new LabelRequirement(key, LabelOperator.Exists, []);
            case "in" or "notin":
                return new LabelRequirement(key, _tokens[_at++] == "in" ? LabelOperator.In : LabelOperator.NotIn, Check(key, Set()));
            case "=" or "==" or "!=":
                return new LabelRequirement(key, _tokens[_at++] == "!=" ? LabelOperator.NotIn : LabelOperator.In, Check(key, [Value()]));
            case ">" or "<":
                return new LabelRequirement(key, _tokens[_at++] == ">" ? LabelOperator.GreaterThan : LabelOperator.LessThan, [Number()]);
            default:
                throw Unexpected(Operators);
        }
    }

    private string Value()
    {
        if (Current is "" or ",")
        {
            return "";
        }

        return IsWord(Current) ? _tokens[_at++] : throw Unexpected("identifier");
    }

    private string Number()
    {
        var value = Value();
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? value
            : throw new FormatException($"unable to parse requirement: values[0]: Invalid value: {ValueText.Of(value)}: for 'Gt', 'Lt' operators, the value must be an integer");
    }

    private List<string> Set()
    {
        if (Current != "(")
        {
            throw new FormatException($"unable to parse requirement: found '{Current}' expected: '('");
        }

        _at++;
        var values = new List<string>();
        while (true)
        {
            values.Add(Current is "," or ")" ? "" : Value());
            if (Current == ")")
            {
                _at++;
                return values;
            }

            if (Current != ",")
            {
                throw Unexpected("',' or ')'");
            }

            _at++;
        }
    }

    private static List<string> Check(string key, List<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (NameRules.LabelValue(values[i]) is { } problem)
            {
                throw new FormatException($"unable to parse requirement: values[{i}][{key}]: Invalid value: {ValueText.Of(values[i])}: {problem}");
            }
        }

        return values;
    }

    private FormatException Unexpected(string expected) => new($"unable to parse requirement: found '{Current}', expected: {expected}");

    private static bool IsWord(string token) => token.Length > 0 && !IsSymbol(token[0]);

    private static bool IsSymbol(char letter) => letter is '=' or '!' or '(' or ')' or ',' or '>' or '<';

    private static IEnumerable<string> Tokenize(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i++;
            if (IsSymbol(text[start]))
            {
                i += text[start] is '=' or '!' && i < text.Length && text[i] == '=' ? 1 : 0;
            }
            else
            {
                while (i < text.Length && !IsSymbol(text[i]) && !char.IsWhiteSpace(text[i]))
                {
                    i++;
                }
            }

            yield return text[start..i];
        }
    }
}
