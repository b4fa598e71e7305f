using System.Globalization;
using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A number, or a text such as a port's name or <c>25%</c>.</summary>
[JsonConverter(typeof(IntstrIntOrStringConverter))]
public sealed record IntstrIntOrString(string Value)
{
    /// <summary>Whether it stands as a number.</summary>
    public bool IsInteger => int.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    public static implicit operator IntstrIntOrString(int value) => FromInt32(value);

    public static implicit operator IntstrIntOrString(string value) => new(value);

    public static IntstrIntOrString FromInt32(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    public static IntstrIntOrString FromString(string value) => new(value);

    /// <summary>The number, or null when it is a text.</summary>
    public int? AsInteger() => int.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
