using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelOperator.TestSupport.Pretend;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>
/// Prometheus as it would answer of a fleet whose every revision gets ten good requests a second, scraped every 15 seconds from one
/// router. It counts what it is asked.
/// </summary>
internal sealed partial class FleetPrometheus : IPretendPrometheus
{
    private const double RequestsPerSecond = 10;
    private const int ScrapeInterval = 15;
    private const string FastBucket = "0.05";

    private static readonly string[] Outcomes = ["ok", "client_error", "error", "timeout", "canceled"];
    private static readonly string[] Bounds = [.. Telemetry.Prometheus.LatencyBuckets.Seconds.Select(bound => bound.ToString(CultureInfo.InvariantCulture)), "+Inf"];
    private static readonly double Fast = double.Parse(FastBucket, CultureInfo.InvariantCulture);

    private readonly ConcurrentQueue<(long At, long Bytes)> _asked = new();

    /// <summary>When it was asked, as timestamps of the system's clock, and how large each answer was.</summary>
    public IReadOnlyList<(long At, long Bytes)> Asked => [.. _asked];

    public async Task AnswerAsync(string query, double at, Stream answer)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var parts = Form().Match(query);
        if (!parts.Success)
        {
            throw new InvalidOperationException($"no fleet is asked this: {query}");
        }

        var range = double.Parse(parts.Groups["range"].ValueSpan, CultureInfo.InvariantCulture);
        var isLast = parts.Groups["last"].Success;
        var times = Times(at - range, at);
        times = isLast ? times.TakeLast(1) : times;
        var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status", "success");
            json.WriteStartObject("data");
            json.WriteString("resultType", isLast ? "vector" : "matrix");
            json.WriteStartArray("result");
            foreach (var revision in Values(parts.Groups["labels"].Value, "revision"))
            {
                WriteSeries(json, parts.Groups["metric"].Value, revision, [.. times], isLast ? at : null);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        _asked.Enqueue((asked, body.Length));
        body.Position = 0;
        await body.CopyToAsync(answer);
    }

    private static void WriteSeries(Utf8JsonWriter json, string metric, string revision, double[] times, double? lastAt)
    {
        if (times.Length == 0)
        {
            return;
        }

        var isHistogram = metric.EndsWith("_bucket", StringComparison.Ordinal);
        foreach (var value in isHistogram ? Bounds : Outcomes)
        {
            json.WriteStartObject();
            json.WriteStartObject("metric");
            json.WriteString("__name__", metric);
            json.WriteString("deployment", revision[..revision.LastIndexOf('-')]);
            json.WriteString("instance", "10.0.0.1:8002");
            json.WriteString("job", "modelrouter");
            json.WriteString("namespace", "default");
            json.WriteString("pod", "modelrouter-5c9d7bdc6b-x2x7k");
            json.WriteString("revision", revision);
            json.WriteString("role", revision.EndsWith("-r1", StringComparison.Ordinal) ? "Stable" : "Candidate");
            json.WriteString(isHistogram ? "le" : "outcome", value);
            json.WriteEndObject();
            var counts = isHistogram ? value == "+Inf" || double.Parse(value, CultureInfo.InvariantCulture) >= Fast : value == "ok";
            if (lastAt is { } at)
            {
                json.WritePropertyName("value");
                WriteSample(json, at, counts ? times[^1] * RequestsPerSecond : 0);
            }
            else
            {
                json.WriteStartArray("values");
                foreach (var time in times)
                {
                    WriteSample(json, time, counts ? time * RequestsPerSecond : 0);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }
    }

    private static void WriteSample(Utf8JsonWriter json, double at, double value)
    {
        json.WriteStartArray();
        json.WriteNumberValue(at);
        json.WriteStringValue(value.ToString("0", CultureInfo.InvariantCulture));
        json.WriteEndArray();
    }

    private static IEnumerable<double> Times(double from, double to)
    {
        for (var at = Math.Floor(to / ScrapeInterval) * ScrapeInterval; at > from; at -= ScrapeInterval)
        {
            yield return at;
        }
    }

    private static string[] Values(string labels, string label) =>
        [.. Label().Matches(labels).Where(match => match.Groups["name"].Value == label).SelectMany(match => match.Groups["values"].Value.Split('|'))];

    [GeneratedRegex(@"^(?<last>last_over_time\()?(?<metric>\w+)\{(?<labels>.*)\}\[(?<range>\d+)s\]\)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("(?<name>\\w+)=~?\"(?<values>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
