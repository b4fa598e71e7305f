using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>What a router or a model server tells Prometheus.</summary>
internal static partial class MetricsPage
{
    /// <summary>The sum of a counter's series; null when nobody answers.</summary>
    /// <param name="http">The client.</param>
    /// <param name="pod">The pod's address.</param>
    /// <param name="name">The counter.</param>
    /// <param name="label">What a series' labels must contain.</param>
    public static async Task<double?> SumAsync(HttpClient http, string pod, string name, string label = "")
    {
        try
        {
            var page = await http.GetStringAsync(new Uri($"http://{pod}:8002/metrics"));
            return SampleLine().Matches(page)
                .Where(line => line.Groups["name"].Value == name && line.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
                .Sum(line => double.Parse(line.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    [GeneratedRegex("^(?<name>[a-z_]+)(\\{(?<labels>.*)\\})? (?<value>\\S+)$", RegexOptions.Multiline)]
    private static partial Regex SampleLine();
}
