using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Selectors;

/// <summary>A label selector, from a query parameter or from an object.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
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

        return new LabelSelector(LabelSelectorParser.Parse(text));
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
}
