using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelOperator.Api.Conventions;

/// <summary>Durations as Go writes them: <c>90s</c>, <c>1h30m</c>, <c>250ms</c>. Units: h, m, s, ms, us.</summary>
public static partial class Duration
{
    /// <summary>The pattern of the CRD schemas; zero is written <c>0s</c>.</summary>
    public const string Pattern = "^([0-9]+(\\.[0-9]+)?(h|m|s|ms|us))+$";

    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">The text is not a duration; the message quotes it.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"\"{text}\" is not a duration such as 90s, 5m or 1h30m");

    /// <summary>Reads a duration; false when the text is not one or is longer than a century.</summary>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || text.Length > 32 || !Whole().IsMatch(text))
        {
            return false;
        }

        var seconds = 0.0;
        foreach (Match part in Part().Matches(text))
        {
            var amount = double.Parse(part.Groups["amount"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
            seconds += part.Groups["unit"].Value switch
            {
                "h" => amount * 3600,
                "m" => amount * 60,
                "s" => amount,
                "ms" => amount / 1e3,
                _ => amount / 1e6,
            };
        }

        const double century = 100.0 * 366 * 24 * 3600;
        if (seconds > century)
        {
            return false;
        }

        value = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Writes a duration the way people say it: the two largest units, for example <c>1h30m</c> or <c>250ms</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero)
        {
            return "-" + Format(-value);
        }

        if (value < TimeSpan.FromSeconds(1))
        {
            return value == TimeSpan.Zero ? "0s" : $"{value.TotalMilliseconds:0.###}ms";
        }

        var hours = (long)value.TotalHours;
        return (hours, value.Minutes, value.Seconds) switch
        {
            ( > 0, 0, _) => $"{hours}h",
            ( > 0, var m, _) => $"{hours}h{m}m",
            (_, > 0, 0) => $"{value.Minutes}m",
            (_, > 0, var s) => $"{value.Minutes}m{s}s",
            _ when value.Milliseconds != 0 => $"{value.TotalSeconds:0.###}s",
            _ => $"{value.Seconds}s",
        };
    }

    [GeneratedRegex("^([0-9]+(\\.[0-9]+)?(h|ms|m|us|s))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("(?<amount>[0-9]+(\\.[0-9]+)?)(?<unit>h|ms|m|us|s)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
