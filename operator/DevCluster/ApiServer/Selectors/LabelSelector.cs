using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Selectors;

/// <summary>A label selector, from a query parameter or from an object.</summary>
internal sealed partial class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
{
    public static readonly LabelSelector Everything = new([]);

    public bool IsEverything => requirements.Count == 0;

    public bool Matches(JsonObject? labels)
    {
        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels.StringAt(requirement.Key)))
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="FormatException">The text is not a selector.</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = new List<LabelRequirement>();
        foreach (var part in SplitOutsideParentheses(text))
        {
            requirements.Add(ParseRequirement(part.Trim()));
        }

        return new LabelSelector(requirements);
    }

    public static LabelSelector FromObject(JsonObject selector)
    {
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector.ObjectAt("matchLabels") ?? [])
        {
            requirements.Add(new LabelRequirement(key, LabelOperator.In, [value?.GetValue<string>() ?? ""]));
        }

        foreach (var expression in selector.ArrayAt("matchExpressions")?.OfType<JsonObject>() ?? [])
        {
            var values = (expression.ArrayAt("values") ?? []).Select(value => value?.GetValue<string>() ?? "").ToArray();
            var @operator = Enum.TryParse<LabelOperator>(expression.StringAt("operator"), out var parsed) ? parsed : LabelOperator.Exists;
            requirements.Add(new LabelRequirement(expression.StringAt("key") ?? "", @operator, values));
        }

        return new LabelSelector(requirements);
    }

    public override string ToString() => string.Join(",", requirements);

    private static LabelRequirement ParseRequirement(string text)
    {
        var match = Requirement().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"unable to parse requirement: found '{text}', expected: a label requirement");
        }

        var key = match.Groups["key"].Value;
        if (match.Groups["set"] is { Success: true } set)
        {
            var values = match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            return new LabelRequirement(key, set.Value == "in" ? LabelOperator.In : LabelOperator.NotIn, values);
        }

        if (match.Groups["op"] is { Success: true } op)
        {
            return new LabelRequirement(key, op.Value == "!=" ? LabelOperator.NotIn : LabelOperator.In, [match.Groups["value"].Value]);
        }

        return new LabelRequirement(key, match.Groups["not"].Success ? LabelOperator.DoesNotExist : LabelOperator.Exists, []);
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(')
            {
                depth++;
            }
            else if (text[i] == ')')
            {
                depth--;
            }
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    [GeneratedRegex(
        @"^(?:(?<not>!)\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\s*(?:(?<op>==|=|!=)\s*(?<value>[-A-Za-z0-9_.]*)|(?<set>in|notin)\s*\((?<values>[-A-Za-z0-9_.,\s]*)\))?$")]
    private static partial Regex Requirement();
}
