using System.Globalization;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>Writes measured values compactly: <c>23.1%</c>, <c>412ms</c>, <c>0.87</c>.</summary>
internal static class ValueText
{
    private const int UsualDigits = 3;
    private const int MostDigits = 15;

    /// <summary>A value to three significant digits.</summary>
    public static string Format(double value, ValueUnit unit) => Format(value, unit, UsualDigits);

    /// <summary>A bound exactly as it was given.</summary>
    public static string FormatBound(double bound, ValueUnit unit) => Format(bound, unit, MostDigits);

    /// <summary>A value with as many digits as it takes to see on which side of a bound it lies.</summary>
    public static string FormatBeside(double value, double bound, ValueUnit unit)
    {
        var boundText = FormatBound(bound, unit);
        for (var digits = UsualDigits; digits < MostDigits; digits++)
        {
            var text = Format(value, unit, digits);
            if (text != boundText || value.Equals(bound))
            {
                return text;
            }
        }

        return Format(value, unit, MostDigits);
    }

    private static string Format(double value, ValueUnit unit, int digits) => unit switch
    {
        ValueUnit.Share => $"{Number(value * 100, digits)}%",
        ValueUnit.Seconds => Math.Abs(value) switch
        {
            0 => "0s",
            < 1e-3 => $"{Number(value * 1e6, digits)}us",
            < 1 => $"{Number(value * 1e3, digits)}ms",
            _ => $"{Number(value, digits)}s",
        },
        _ => Number(value, digits),
    };

    // Not "G": 1234567 is read more easily than 1.23E+06.
    private static string Number(double value, int digits)
    {
        if (value == 0)
        {
            return "0";
        }

        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (magnitude is < -6 or > 14)
        {
            return value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp(digits - 1 - magnitude, 0, MostDigits);
        return Math.Round(value, decimals).ToString("0.###############", CultureInfo.InvariantCulture);
    }
}
