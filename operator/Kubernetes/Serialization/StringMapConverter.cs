using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>Reads labels, annotations and the like into dictionaries of just their size.</summary>
internal sealed class StringMapConverter : JsonConverter<IDictionary<string, string>>
{
    // Of one thread, and free again before anything else is read.
    [ThreadStatic]
    private static List<KeyValuePair<string, string>>? _pairs;

    /// <inheritdoc/>
    public override IDictionary<string, string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected a map of texts");
        }

        var texts = (JsonConverter<string>)options.GetConverter(typeof(string));
        var pairs = _pairs ??= [];
        pairs.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = texts.ReadAsPropertyName(ref reader, typeof(string), options);
            reader.Read();

            // A null is none of the values that such maps have; Go reads it as an empty text.
            pairs.Add(new(key, reader.TokenType == JsonTokenType.Null ? "" : texts.Read(ref reader, typeof(string), options)!));
        }

        var map = new Dictionary<string, string>(pairs.Count, StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }
}
