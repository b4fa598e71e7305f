using System.Text;
using System.Text.Json;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Steps through JSON with messages in the protocol's terms.</summary>
internal static class JsonValue
{
    /// <summary>As many as ONNX Runtime has a use for, and one level of JSON each.</summary>
    private const int MaxRank = 32;

    /// <summary>Moves to the next property of the object, or past its end.</summary>
    public static bool NextProperty(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next element of the array, or past its end.</summary>
    public static bool NextElement(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType != JsonTokenType.EndArray;
    }

    public static void SkipProperty(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    public static void StartArray(ref Utf8JsonReader json, string what)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw ProtocolException.Invalid($"{what} must be an array");
        }
    }

    public static void ExpectObject(ref Utf8JsonReader json, string what)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProtocolException.Invalid($"{what} must be an object");
        }
    }

    public static string ReadString(ref Utf8JsonReader json, string what)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? Text(ref json) : throw ProtocolException.Invalid($"{what} must be a string");
    }

    /// <summary>Whether the string, or the name of the property, that the reader is at is this one.</summary>
    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> text) => json.ValueIsEscaped
        ? Encoding.UTF8.GetBytes(Text(ref json)).AsSpan().SequenceEqual(text)
        : json.ValueSpan.SequenceEqual(text);

    /// <summary>The string, or the name of the property, that the reader is at.</summary>
    public static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ProtocolException.Invalid("the request has a string that is no valid UTF-8 or UTF-16");
        }
    }

    public static long[] ReadShape(ref Utf8JsonReader json)
    {
        StartArray(ref json, "\"shape\" of an input");
        Span<long> dimensions = stackalloc long[MaxRank];
        var rank = 0;
        while (NextElement(ref json))
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var dimension))
            {
                throw ProtocolException.Invalid("\"shape\" of an input must hold whole numbers");
            }
            if (rank == MaxRank)
            {
                throw ProtocolException.Invalid($"\"shape\" of an input has more than {MaxRank} dimensions");
            }
            dimensions[rank++] = dimension;
        }
        return dimensions[..rank].ToArray();
    }
}
