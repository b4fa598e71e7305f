using System.Globalization;

namespace ModelOperator.DevCluster.Cel.Values;

/// <summary>RFC 3339 times, and the dates of OpenAPI's <c>date</c> format.</summary>
internal static class CelTimestamp
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    public static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Formats[0], CultureInfo.InvariantCulture);
}
