using System.Globalization;
using System.Text.RegularExpressions;
using ModelOperator.Controller.Analysis.Counters;

namespace ModelOperator.Controller.Tests.Analysis.Prometheus;

/// <summary>What a Prometheus has scraped, and its answers to the two kinds of query by which raw counters are read.</summary>
internal sealed partial class ScrapedHistory
{
    private readonly Dictionary<string, (IReadOnlyDictionary<string, string> Labels, List<Sample> Samples)> _series = [];

    /// <summary>Adds a scrape of one series.</summary>
    public void Scrape(DateTimeOffset at, double value, params (string Name, string Value)[] labels)
    {
        var key = string.Join(',', labels);
        if (!_series.TryGetValue(key, out var series))
        {
            _series.Add(key, series = (labels.ToDictionary(l => l.Name, l => l.Value), []));
        }

        series.Samples.Add(new Sample(at, value));
    }

    public string Answer(string query, DateTimeOffset at)
    {
        var parts = Query().Match(query);
        var from = at.AddSeconds(-double.Parse(parts.Groups["range"].Value, CultureInfo.InvariantCulture));
        var matchers = Matcher().Matches(parts.Groups["matchers"].Value)
            .Select(m => (Label: m.Groups["label"].Value, Values: m.Groups["value"].Value.Replace(@"\\", "", StringComparison.Ordinal).Split('|').ToHashSet()))
            .Append(("__name__", [parts.Groups["metric"].Value]))
            .ToList();
        var found = _series.Values
            .Where(s => matchers.TrueForAll(m => m.Values.Contains(s.Labels.GetValueOrDefault(m.Label, ""))))
            .Select(s => (s.Labels, Samples: s.Samples.Where(x => x.At > from && x.At <= at).ToList()))
            .Where(s => s.Samples.Count > 0)
            .ToList();
        return parts.Groups["last"].Success
            ? ScriptedPrometheus.Vector([.. found.Select(s => (Text(s.Labels.Where(l => l.Key != "__name__")), s.Samples[^1].Value.ToString(CultureInfo.InvariantCulture)))])
            : ScriptedPrometheus.Matrix([.. found.Select(s => (Text(s.Labels), s.Samples.Select(x => (x.At, x.Value)).ToArray()))]);
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>> labels) => string.Join(',', labels.Select(l => $"\"{l.Key}\":\"{l.Value}\""));

    [GeneratedRegex(@"^(?<last>last_over_time\()?(?<metric>\w+)\{(?<matchers>.*)\}\[(?<range>\d+)s\]\)?$")]
    private static partial Regex Query();

    [GeneratedRegex("(?<label>\\w+)=~?\"(?<value>[^\"]*)\"")]
    private static partial Regex Matcher();
}
