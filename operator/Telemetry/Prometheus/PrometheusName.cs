using System.Diagnostics.Metrics;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>
/// Names in the text format. Ours are written in it from the start and pass unchanged; those of the runtime's own
/// meters (<c>http.server.request.duration</c>) get their dots replaced.
/// </summary>
internal static class PrometheusName
{
    public static string Metric(Instrument instrument, MetricKind kind)
    {
        var name = Legal(instrument.Name, colons: true);
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Label(string name) => Legal(name, colons: false);

    private static string Legal(string name, bool colons)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!IsLegal(name[i], first: i == 0, colons))
            {
                return Replace(name, colons);
            }
        }
        return name.Length == 0 ? "_" : name;
    }

    private static string Replace(string name, bool colons)
    {
        var prefix = char.IsAsciiDigit(name[0]) ? "_" : "";
        return prefix + string.Create(name.Length, (name, colons), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = IsLegal(source.name[i], first: false, source.colons) ? source.name[i] : '_';
            }
        });
    }

    private static bool IsLegal(char c, bool first, bool colons) =>
        char.IsAsciiLetter(c) || c == '_' || (colons && c == ':') || (!first && char.IsAsciiDigit(c));
}
