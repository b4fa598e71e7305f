using System.Globalization;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>
/// Quantities in the one way of writing that Kubernetes answers with: no fraction, the largest suffix that leaves none, in the family
/// of suffixes that the client used.
/// </summary>
internal static class QuantityText
{
    public const string FormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <returns>The canonical text, or null when the text is not a quantity.</returns>
    public static string? Canonical(string text)
    {
        if (!ResourceQuantity.TryParse(text, out var quantity))
        {
            return null;
        }

        var value = quantity.Value;
        if (text.EndsWith('i') && Math.Abs(value) >= 1024)
        {
            return BinaryText(Math.Sign(value) * Math.Ceiling(Math.Abs(value)));
        }

        var (digits, exponent) = Reduce(value);
        // An exponent is told from the suffix E by the digits behind it.
        return text.AsSpan().IndexOfAny('e', 'E') is var at and > 0 && at < text.Length - 1
            ? $"{Digits(digits)}{(exponent == 0 ? "" : $"e{exponent}")}"
            : Digits(digits) + Decimal[(exponent / 3) + 3];
    }

    /// <summary>The amount of a quantity that is known to be one; 0 when it is missing.</summary>
    public static decimal ValueOf(string? text) => ResourceQuantity.TryParse(text, out var quantity) ? quantity.Value : 0;

    private static string BinaryText(decimal value)
    {
        var suffix = 0;
        while (suffix < Binary.Length - 1 && value % 1024 == 0)
        {
            value /= 1024;
            suffix++;
        }

        return Digits(value) + Binary[suffix];
    }

    // The value as digits times a power of 1000, from nano to exa; what is finer than nano is rounded away from zero.
    private static (decimal Digits, int Exponent) Reduce(decimal value)
    {
        if (value == 0)
        {
            return (0, 0);
        }

        var exponent = 0;
        while (exponent > -9 && value % 1 != 0)
        {
            value *= 1000;
            exponent -= 3;
        }

        value = Math.Sign(value) * Math.Ceiling(Math.Abs(value));
        while (exponent < 18 && value % 1000 == 0)
        {
            value /= 1000;
            exponent += 3;
        }

        return (value, exponent);
    }

    private static string Digits(decimal value) => value.ToString("0", CultureInfo.InvariantCulture);
}
