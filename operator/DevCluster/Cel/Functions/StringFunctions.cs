using System.Text;
using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>The string functions of CEL's standard library, of its strings extension and of Kubernetes' regex library.</summary>
internal static class StringFunctions
{
    public static readonly IReadOnlyList<CelFunction> Members =
    [
        new("startsWith", 1, 1, (a, _) => Test(a, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        new("endsWith", 1, 1, (a, _) => Test(a, (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        new("contains", 1, 1, Contains),
        new("matches", 1, 1, Matches),
        new("find", 1, 1, Find),
        new("findAll", 1, 2, FindAll),
        new("lowerAscii", 0, 0, (a, budget) => Mapped(a, budget, text => Ascii(text, char.IsAsciiLetterUpper, char.ToLowerInvariant))),
        new("upperAscii", 0, 0, (a, budget) => Mapped(a, budget, text => Ascii(text, char.IsAsciiLetterLower, char.ToUpperInvariant))),
        new("trim", 0, 0, (a, budget) => Mapped(a, budget, text => text.Trim())),
        new("charAt", 1, 1, CharAt),
        new("substring", 1, 2, Substring),
        new("replace", 2, 3, Replace),
        new("split", 1, 2, Split),
        new("format", 1, 1, (a, budget) => a is [CelValue.String s, CelValue.List list] ? StringFormat.Apply(s.Value, list, budget) : CelValue.NoSuchOverload),
    ];

    public static CelValue Matches(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String pattern])
        {
            return CelValue.NoSuchOverload;
        }

        SpendMatch(text, pattern, budget);
        return Re2Pattern.TryCompile(pattern.Value, out var error) is { } regex
            ? Bool(regex.IsMatch(text.Value))
            : new CelValue.Error(error);
    }

    private static CelValue.Bool Bool(bool value) => value ? CelValue.True : CelValue.False;

    private static CelValue Test(CelValue[] arguments, Func<string, string, bool> test) =>
        arguments is [CelValue.String text, CelValue.String part] ? Bool(test(text.Value, part.Value)) : CelValue.NoSuchOverload;

    private static void SpendMatch(CelValue.String text, CelValue.String pattern, CelBudget budget) =>
        budget.Spend((1 + text.Value.Length / 10L) * (1 + pattern.Value.Length / 4L));

    private static CelValue Contains(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String part])
        {
            return CelValue.NoSuchOverload;
        }

        budget.SpendText(text.Value.Length);
        return Bool(text.Value.Contains(part.Value, StringComparison.Ordinal));
    }

    private static CelValue Find(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String pattern])
        {
            return CelValue.NoSuchOverload;
        }

        SpendMatch(text, pattern, budget);
        return Re2Pattern.TryCompile(pattern.Value, out var error) is { } regex
            ? new CelValue.String(regex.Match(text.Value).Value)
            : new CelValue.Error(error);
    }

    private static CelValue FindAll(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String pattern, ..])
        {
            return CelValue.NoSuchOverload;
        }

        if (arguments is [_, _, not CelValue.Int])
        {
            return CelValue.NoSuchOverload;
        }

        SpendMatch(text, pattern, budget);
        if (Re2Pattern.TryCompile(pattern.Value, out var error) is not { } regex)
        {
            return new CelValue.Error(error);
        }

        var limit = arguments is [_, _, CelValue.Int { Value: >= 0 and < int.MaxValue } count] ? (int)count.Value : int.MaxValue;
        budget.Spend(text.Value.Length);
        return new CelValue.List([.. regex.Matches(text.Value).Take(limit).Select(match => new CelValue.String(match.Value))]);
    }

    private static CelValue Mapped(CelValue[] arguments, CelBudget budget, Func<string, string> map)
    {
        if (arguments is not [CelValue.String text])
        {
            return CelValue.NoSuchOverload;
        }

        budget.SpendText(text.Value.Length);
        return new CelValue.String(map(text.Value));
    }

    private static string Ascii(string text, Func<char, bool> applies, Func<char, char> map) =>
        string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = applies(source[i]) ? map(source[i]) : source[i];
            }
        });

    private static CelValue CharAt(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.Int index])
        {
            return CelValue.NoSuchOverload;
        }

        budget.SpendText(text.Value.Length);
        if (CodePoints.OffsetOf(text.Value, index.Value) is not { } offset)
        {
            return new CelValue.Error($"index out of range: {index.Value}");
        }

        return new CelValue.String(offset == text.Value.Length ? "" : Rune.GetRuneAt(text.Value, offset).ToString());
    }

    private static CelValue Substring(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.Int from, ..] || arguments is [_, _, not CelValue.Int])
        {
            return CelValue.NoSuchOverload;
        }

        budget.SpendText(text.Value.Length);
        var start = CodePoints.OffsetOf(text.Value, from.Value);
        var end = arguments is [_, _, CelValue.Int to] ? CodePoints.OffsetOf(text.Value, to.Value) : text.Value.Length;
        return start <= end ? new CelValue.String(text.Value[start.Value..end.Value]) : new CelValue.Error($"index out of range: {from.Value}");
    }

    private static CelValue Replace(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String old, CelValue.String @new, ..])
        {
            return CelValue.NoSuchOverload;
        }

        if (arguments is [_, _, _, not CelValue.Int])
        {
            return CelValue.NoSuchOverload;
        }

        var limit = arguments is [_, _, _, CelValue.Int { Value: >= 0 and < int.MaxValue } count] ? (int)count.Value : int.MaxValue - 1;
        budget.SpendText(text.Value.Length);
        IEnumerable<string> parts = old.Value.Length == 0
            ? [.. CodePoints.Split(text.Value).Prepend(""), ""]
            : text.Value.Split(old.Value, Math.Max(1, limit + 1));
        if (limit == 0)
        {
            return text;
        }

        var pieces = parts.ToList();
        budget.SpendText(text.Value.Length + (long)pieces.Count * @new.Value.Length);
        if (old.Value.Length > 0)
        {
            return new CelValue.String(string.Join(@new.Value, pieces));
        }

        var result = new StringBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            result.Append(pieces[i]).Append(i < limit && i < pieces.Count - 1 ? @new.Value : "");
        }

        return new CelValue.String(result.ToString());
    }

    private static CelValue Split(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.String text, CelValue.String separator, ..] || arguments is [_, _, not CelValue.Int])
        {
            return CelValue.NoSuchOverload;
        }

        budget.Spend(1 + text.Value.Length);
        var limit = arguments is [_, _, CelValue.Int count] ? (int)Math.Clamp(count.Value, -1, int.MaxValue) : -1;
        if (limit == 0)
        {
            return new CelValue.List([]);
        }

        var parts = separator.Value.Length == 0
            ? [.. CodePoints.Split(text.Value)]
            : text.Value.Split(separator.Value, limit < 0 ? int.MaxValue : limit);
        if (separator.Value.Length == 0 && limit > 0 && parts.Length > limit)
        {
            parts = [.. parts[..(limit - 1)], string.Concat(parts[(limit - 1)..])];
        }

        return new CelValue.List([.. parts.Select(part => new CelValue.String(part))]);
    }
}
