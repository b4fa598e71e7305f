using System.Text.Json;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The <c>parameters</c> of a request, an input or an output that mean something here; others are allowed and ignored.</summary>
internal readonly record struct TensorParameters(long? BinarySize, bool? Binary, bool? BinaryOutput, TimeSpan? Timeout)
{
    /// <summary>An hour.</summary>
    private const long MaxTimeout = 3_600_000_000;

    public static TensorParameters Read(ref Utf8JsonReader json, string owner)
    {
        json.Read();
        JsonValue.ExpectObject(ref json, $"\"parameters\" of {owner}");
        var result = default(TensorParameters);
        while (JsonValue.NextProperty(ref json))
        {
            if (JsonValue.Is(ref json, "binary_data_size"u8))
            {
                json.Read();
                result = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var size) && size >= 0
                    ? result with { BinarySize = size }
                    : throw ProtocolException.Invalid($"\"binary_data_size\" of {owner} must be a whole number of bytes, not negative");
            }
            else if (JsonValue.Is(ref json, "timeout"u8))
            {
                // Triton's: in microseconds, 0 is none.
                json.Read();
                result = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var timeout) && timeout is >= 0 and <= MaxTimeout
                    ? result with { Timeout = timeout == 0 ? null : TimeSpan.FromMicroseconds(timeout) }
                    : throw ProtocolException.Invalid($"\"timeout\" of {owner} must be a whole number of microseconds from 0 to {MaxTimeout}");
            }
            else if (JsonValue.Is(ref json, "binary_data"u8))
            {
                result = result with { Binary = Flag(ref json, "binary_data", owner) };
            }
            else if (JsonValue.Is(ref json, "binary_data_output"u8))
            {
                result = result with { BinaryOutput = Flag(ref json, "binary_data_output", owner) };
            }
            else
            {
                ReadOther(ref json, owner);
            }
        }
        return result;
    }

    private static bool Flag(ref Utf8JsonReader json, string name, string owner)
    {
        json.Read();
        return json.TokenType is JsonTokenType.True or JsonTokenType.False
            ? json.GetBoolean()
            : throw ProtocolException.Invalid($"\"{name}\" of {owner} must be true or false");
    }

    /// <summary>What would change the answer is refused, so that nobody believes it was done.</summary>
    /// <exception cref="ProtocolException">It is such a parameter.</exception>
    public static void CheckSupported(string name, string owner)
    {
        if (name == "classification" || name.StartsWith("shared_memory_", StringComparison.Ordinal))
        {
            throw ProtocolException.Invalid($"parameter \"{name}\" of {owner} is not supported");
        }
    }

    private static void ReadOther(ref Utf8JsonReader json, string owner)
    {
        var name = Shown.Of(JsonValue.Text(ref json));
        CheckSupported(name, owner);
        json.Read();
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
        {
            throw ProtocolException.Invalid($"parameter \"{name}\" of {owner} must be a string, a number or a boolean");
        }
    }
}
