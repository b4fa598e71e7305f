using ModelOperator.Controller.Analysis.Counters;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>One series of an answer; a scalar is one without labels.</summary>
internal sealed record PrometheusSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Sample> Samples)
{
    private const string NameLabel = "__name__";

    /// <summary>What tells it from the other series of its metric: all labels but the metric's name, which functions drop.</summary>
    public string Identity => string.Join(
        '\u0001',
        Labels.Where(l => l.Key != NameLabel).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}\u0002{l.Value}"));

    /// <summary>Its labels as PromQL writes them, for messages; long ones are cut.</summary>
    public string Describe()
    {
        const int limit = 200;
        var text = "{" + string.Join(", ", Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}=\"{l.Value}\"")) + "}";
        return text.Length <= limit ? text : text[..limit] + "...}";
    }
}
