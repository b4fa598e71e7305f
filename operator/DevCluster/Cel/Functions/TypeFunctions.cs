using System.Globalization;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>Conversions, durations, timestamps and optionals.</summary>
internal static class TypeFunctions
{
    private const double TwoToThe63 = 9223372036854775808.0;

    public static readonly IReadOnlyList<CelFunction> Globals =
    [
        new("int", 1, 1, (a, _) => ToInt(a[0])),
        new("double", 1, 1, (a, _) => ToDouble(a[0])),
        new("string", 1, 1, (a, _) => Text(a[0]) is { } text ? new CelValue.String(text) : CelValue.NoSuchOverload),
        new("bool", 1, 1, (a, _) => ToBool(a[0])),
        new("duration", 1, 1, (a, _) => ToDuration(a[0])),
        new("timestamp", 1, 1, (a, _) => ToTimestamp(a[0])),
        new("dyn", 1, 1, (a, _) => a[0] with { IsDynamic = true }),
        new("type", 1, 1, (a, _) => new CelValue.Type(a[0].TypeName)),
        new("matches", 2, 2, StringFunctions.Matches),
        new("optional.of", 1, 1, (a, _) => new CelValue.Optional(a[0])),
        new("optional.none", 0, 0, (_, _) => new CelValue.Optional(null)),
    ];

    public static readonly IReadOnlyList<CelFunction> Members =
    [
        new("getHours", 0, 0, (a, _) => InUnits(a[0], 3_600_000_000_000)),
        new("getMinutes", 0, 0, (a, _) => InUnits(a[0], 60_000_000_000)),
        new("getSeconds", 0, 0, (a, _) => InUnits(a[0], 1_000_000_000)),
        new("getMilliseconds", 0, 0, (a, _) => InUnits(a[0], 1_000_000)),
        new("hasValue", 0, 0, (a, _) => a[0] is CelValue.Optional optional ? (optional.Value is null ? CelValue.False : CelValue.True) : CelValue.NoSuchOverload),
        new("value", 0, 0, (a, _) => a[0] is CelValue.Optional optional ? optional.Value ?? new CelValue.Error("optional.none() dereference") : CelValue.NoSuchOverload),
        new("orValue", 1, 1, (a, _) => a[0] is CelValue.Optional optional ? optional.Value ?? a[1] : CelValue.NoSuchOverload),
    ];

    /// <summary>The value as <c>string()</c> writes it, or null for a type that has no text.</summary>
    public static string? Text(CelValue value) => value switch
    {
        CelValue.String text => text.Value,
        CelValue.Int number => number.Value.ToString(CultureInfo.InvariantCulture),
        CelValue.Double number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        CelValue.Bool flag => flag.Value ? "true" : "false",
        CelValue.Duration duration => CelDuration.Format(duration.Nanoseconds),
        CelValue.Timestamp time => CelTimestamp.Format(time.Value),
        _ => null,
    };

    private static CelValue ToInt(CelValue value) => value switch
    {
        CelValue.Int => value,
        CelValue.Double { Value: var number } when double.IsNaN(number) || number is <= -TwoToThe63 or >= TwoToThe63 => new CelValue.Error("integer overflow"),
        CelValue.Double number => new CelValue.Int((long)number.Value),
        CelValue.String text => long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            ? new CelValue.Int(parsed)
            : new CelValue.Error($"type conversion error from 'string' to 'int': \"{text.Value}\""),
        CelValue.Timestamp time => new CelValue.Int(time.Value.ToUnixTimeSeconds()),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue ToDouble(CelValue value) => value switch
    {
        CelValue.Double => value,
        CelValue.Int number => new CelValue.Double(number.Value),
        CelValue.String text => double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? new CelValue.Double(parsed)
            : new CelValue.Error($"type conversion error from 'string' to 'double': \"{text.Value}\""),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue ToBool(CelValue value) => value switch
    {
        CelValue.Bool => value,
        CelValue.String { Value: "1" or "t" or "T" or "TRUE" or "true" or "True" } => CelValue.True,
        CelValue.String { Value: "0" or "f" or "F" or "FALSE" or "false" or "False" } => CelValue.False,
        CelValue.String text => new CelValue.Error($"type conversion error from 'string' to 'bool': \"{text.Value}\""),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue ToDuration(CelValue value) => value switch
    {
        CelValue.Duration => value,
        CelValue.String text => CelDuration.TryParse(text.Value, out var nanoseconds)
            ? new CelValue.Duration(nanoseconds)
            : new CelValue.Error($"type conversion error from 'string' to 'duration': \"{text.Value}\""),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue ToTimestamp(CelValue value) => value switch
    {
        CelValue.Timestamp => value,
        CelValue.String text => CelTimestamp.TryParse(text.Value, out var time)
            ? new CelValue.Timestamp(time)
            : new CelValue.Error($"type conversion error from 'string' to 'timestamp': \"{text.Value}\""),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue InUnits(CelValue value, long unit) =>
        value is CelValue.Duration duration ? new CelValue.Int(duration.Nanoseconds / unit) : CelValue.NoSuchOverload;
}
