using System.Buffers;
using System.Globalization;

namespace ModelOperator.DevCluster.Cel.Values;

/// <summary>Go's duration notation (<c>1h30m</c>, <c>1.5s</c>), in nanoseconds.</summary>
internal static class CelDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Name, decimal Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var sign = rest is ['-', ..] ? -1 : 1;
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty || rest.Length > 64)
        {
            return false;
        }

        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(NumberCharacters) is var end and >= 0 ? end : rest.Length;
            var unit = Array.FindIndex(Units, UnitNamed(rest[..letters].ToString()));
            if (unit < 0 || amount > long.MaxValue)
            {
                return false;
            }

            total += amount * Units[unit].Nanoseconds;
            if (total > long.MaxValue)
            {
                return false;
            }

            rest = rest[letters..];
        }
        nanoseconds = sign * (long)total;
        return true;
    }

    public static string Format(long nanoseconds) => (nanoseconds / 1e9m).ToString("0.#########", CultureInfo.InvariantCulture) + "s";

    private static Predicate<(string Name, decimal Nanoseconds)> UnitNamed(string name) => unit => unit.Name == name;
}
