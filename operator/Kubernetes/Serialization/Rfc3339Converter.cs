using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>
/// RFC 3339 times: reads any offset and up to nine fraction digits (kept to 100 ns) as UTC, writes UTC with as
/// many digits as the value has. A time of unspecified kind is taken as UTC.
/// </summary>
public sealed class Rfc3339Converter : JsonConverter<DateTime>
{
    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadUtc(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToUtc(value).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    internal static DateTime ReadUtc(ref Utf8JsonReader reader) =>
        reader.TryGetDateTimeOffset(out var value)
            ? value.UtcDateTime
            : throw new JsonException("expected an RFC 3339 time such as 2026-01-31T12:00:00Z");

    internal static DateTime ToUtc(DateTime value) =>
        value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc);
}
