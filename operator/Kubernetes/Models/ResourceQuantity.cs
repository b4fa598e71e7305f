using System.Buffers;
using System.Globalization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>An amount of a resource: <c>100m</c>, <c>1Gi</c>, <c>2</c>, <c>1e3</c>.</summary>
/// <param name="Value">The amount in base units (cores, bytes, pieces).</param>
public readonly record struct ResourceQuantity(decimal Value)
{
    // Longest texts the API server itself writes are about 20 characters.
    private const int MaxLength = 64;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    /// <summary>Reads a quantity.</summary>
    /// <exception cref="FormatException">The text is not a quantity; the message quotes it.</exception>
    public static ResourceQuantity Parse(string text) =>
        TryParse(text, out var quantity) ? quantity : throw new FormatException($"\"{text}\" is not a quantity such as 500m, 2 or 1Gi");

    /// <summary>Reads a quantity; false when the text is not one or does not fit.</summary>
    public static bool TryParse(string? text, out ResourceQuantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        var digits = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = digits < 0 ? text.AsSpan() : text.AsSpan(0, digits);
        var suffix = digits < 0 ? [] : text.AsSpan(digits);
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var amount) || Scale(suffix) is not { } scale)
        {
            return false;
        }

        try
        {
            quantity = new ResourceQuantity(amount * scale);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static decimal? Scale(ReadOnlySpan<char> suffix) => suffix switch
    {
        "" => 1m,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ => Exponent(suffix),
    };

    private static decimal? Exponent(ReadOnlySpan<char> suffix)
    {
        if (suffix[0] is not ('e' or 'E')
            || !int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || exponent is < -18 or > 27)
        {
            return null;
        }

        return decimal.Parse($"1e{exponent}", NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
