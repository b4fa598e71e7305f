using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>
/// Reads short texts through a pool of a fixed size. The objects of a cluster say the same few thousand words again and
/// again (kinds, label keys, images, node names); sharing them halves what an event allocates and what a cache holds.
/// </summary>
internal sealed class PooledStringConverter : JsonConverter<string>
{
    private const int LongestPooled = 64;
    private const int Slots = 4096;

    // One text per slot, the latest wins. Races lose a text from the pool, never a read.
    private readonly string?[] _pool = new string?[Slots];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Get(ref reader) : throw new JsonException("expected a text");

    /// <inheritdoc/>
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Get(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(utf8))
        {
            hash = BitOperations.RotateLeft(hash ^ word, 29) * 0x9E3779B97F4A7C15;
        }

        foreach (var one in utf8[(utf8.Length & ~7)..])
        {
            hash = (hash ^ one) * 0x9E3779B97F4A7C15;
        }

        return (uint)(hash >> 40);
    }

    private string Get(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestPooled)
        {
            return reader.GetString()!;
        }

        var utf8 = reader.ValueSpan;
        ref var slot = ref _pool[Hash(utf8) % Slots];
        if (Volatile.Read(ref slot) is { } pooled && Ascii.Equals(utf8, pooled))
        {
            return pooled;
        }

        var text = reader.GetString()!;
        Volatile.Write(ref slot, text);
        return text;
    }
}
