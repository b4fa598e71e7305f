using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>Reads and writes a number as a number and anything else as a text.</summary>
public sealed class IntstrIntOrStringConverter : JsonConverter<IntstrIntOrString>
{
    /// <inheritdoc/>
    public override IntstrIntOrString? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => new IntstrIntOrString(reader.GetInt32().ToString(CultureInfo.InvariantCulture)),
            JsonTokenType.String => new IntstrIntOrString(reader.GetString()!),
            _ => throw new JsonException("expected a number or a text"),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IntstrIntOrString value, JsonSerializerOptions options)
    {
        if (value.AsInteger() is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value.Value);
        }
    }
}
