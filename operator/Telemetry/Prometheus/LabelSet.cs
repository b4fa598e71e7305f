using System.Globalization;
using System.Text;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>Labels in the text format's form, rendered once when their series appears.</summary>
internal sealed class LabelSet
{
    private readonly KeyValuePair<string, string>[] _values;

    private LabelSet(SortedDictionary<string, string> values)
    {
        _values = [.. values];
        Rendered = string.Join(',', values.Select(label => $"{label.Key}=\"{Escape(label.Value)}\""));
        Utf8 = Encoding.UTF8.GetBytes(Rendered);
    }

    /// <summary><c>a="1",b="2"</c>, sorted by name: two equal sets have equal text.</summary>
    public string Rendered { get; }

    public byte[] Utf8 { get; }

    public static LabelSet From(IEnumerable<KeyValuePair<string, object?>> constant, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in constant)
        {
            values[PrometheusName.Label(name)] = Text(value);
        }
        foreach (var (name, value) in tags)
        {
            values[PrometheusName.Label(name)] = Text(value);
        }
        return new LabelSet(values);
    }

    /// <summary>True when every one of these tags is among the labels with that value.</summary>
    public bool Contains(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (!_values.Contains(new(PrometheusName.Label(name), Text(value))))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>A label's value: <c>true</c> and <c>+Inf</c> as the field writes them.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Escape(string value) =>
        value.AsSpan().IndexOfAny('\\', '"', '\n') < 0
            ? value
            : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
}
