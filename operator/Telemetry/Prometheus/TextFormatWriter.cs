using System.Buffers;
using System.Globalization;
using System.Text;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>
/// The Prometheus text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format), written as UTF-8.
/// </summary>
internal ref struct TextFormatWriter(IBufferWriter<byte> output)
{
    public readonly void Header(MetricFamily family)
    {
        if (family.Help.Length > 0)
        {
            output.Write("# HELP "u8);
            output.Write(family.NameUtf8);
            output.Write(" "u8);
            output.Write(Encoding.UTF8.GetBytes(EscapeHelp(family.Help)));
            output.Write("\n"u8);
        }
        output.Write("# TYPE "u8);
        output.Write(family.NameUtf8);
        output.Write(family.Kind switch
        {
            MetricKind.Counter => " counter\n"u8,
            MetricKind.Gauge => " gauge\n"u8,
            _ => " histogram\n"u8,
        });
    }

    public readonly void Sample(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> extraLabel, double value)
    {
        output.Write(name);
        output.Write(suffix);
        if (labels.Length + extraLabel.Length > 0)
        {
            output.Write("{"u8);
            output.Write(labels);
            output.Write(labels.Length > 0 && extraLabel.Length > 0 ? ","u8 : default);
            output.Write(extraLabel);
            output.Write("}"u8);
        }
        output.Write(" "u8);
        Number(value);
        output.Write("\n"u8);
    }

    private readonly void Number(double value)
    {
        if (double.IsInfinity(value))
        {
            output.Write(value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }
        Span<byte> digits = stackalloc byte[32];
        // Never fails: the shortest form that reads back as the same number has at most 24 characters.
        _ = value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        output.Write(digits[..length]);
    }

    private static string EscapeHelp(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
