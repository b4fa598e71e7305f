using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Reads the line-delimited JSON of a watch, each event in one pass over the received bytes.</summary>
internal static class WatchStreamReader
{
    // Objects are at most about 1.5 MB in etcd, and several times that as JSON.
    private const long MaxLineBytes = 16 * 1024 * 1024;

    // Holds a few events of usual size, so that most of them lie in one piece.
    private static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 32 * 1024, minimumReadSize: 8 * 1024);

    /// <exception cref="KubernetesException">The server sent an ERROR event, for example 410 when the version is too old.</exception>
    /// <exception cref="InvalidDataException">The stream is not a watch.</exception>
    /// <exception cref="IOException">The stream broke off in the middle of an event.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        Stream stream, Action<InvalidObject>? onInvalid, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var reader = PipeReader.Create(stream, Buffering);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, out var line))
                {
                    if (!IsBlank(line) && Parse<T>(line, onInvalid) is { } change)
                    {
                        yield return change;
                    }
                }

                if (buffer.Length > MaxLineBytes)
                {
                    throw new InvalidDataException($"watch of {typeof(T).Name}: an event is larger than {MaxLineBytes} bytes");
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    if (!IsBlank(buffer))
                    {
                        throw new IOException($"watch of {typeof(T).Name}: the connection broke off in the middle of an event");
                    }

                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static WatchEvent<T>? Parse<T>(in ReadOnlySequence<byte> line, Action<InvalidObject>? onInvalid)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (line.IsSingleSegment)
        {
            return Parse<T>(line.FirstSpan, onInvalid);
        }

        var joined = ArrayPool<byte>.Shared.Rent((int)line.Length);
        try
        {
            line.CopyTo(joined);
            return Parse<T>(joined.AsSpan(0, (int)line.Length), onInvalid);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static WatchEvent<T>? Parse<T>(ReadOnlySpan<byte> line, Action<InvalidObject>? onInvalid)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var type = ReadEnvelope(line, out var body);
            if (type == WatchEventType.Error)
            {
                var status = JsonSerializer.Deserialize<V1Status>(body, KubernetesJson.Options) ?? new V1Status();
                throw new KubernetesException((HttpStatusCode)(status.Code ?? 500), status);
            }

            if (ObjectDecoder<T>.Read(body, onInvalid) is not { } entity)
            {
                return null;
            }

            if (type != WatchEventType.Bookmark && entity.Name().Length == 0)
            {
                var flaw = new InvalidObject("metadata", "the object has no metadata.name", null);
                (onInvalid ?? (_ => throw new JsonException(flaw.Detail)))(flaw);
                return null;
            }

            return new WatchEvent<T>(type, entity);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"watch of {typeof(T).Name}: a line is not an event: {error.Message}", error);
        }
    }

    // Every server writes the type first and the object last. Then the object reaches to the closing brace, and its
    // tokens need not be looked at to find its end.
    private static WatchEventType ReadEnvelope(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = KubernetesJson.Options.MaxDepth });
        Expect(ref reader, JsonTokenType.StartObject);
        WatchEventType? type = null;
        body = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                Expect(ref reader, JsonTokenType.String);
                type = TypeOf(ref reader);
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                Expect(ref reader, JsonTokenType.StartObject);
                var start = (int)reader.TokenStartIndex;
                if (type is { } known && line.TrimEnd(" \t\r"u8) is [.., (byte)'}', (byte)'}'] trimmed)
                {
                    body = trimmed[start..^1];
                    return known;
                }

                reader.Skip();
                body = line[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Skip();
            }
        }

        return type is { } late && !body.IsEmpty ? late : throw new JsonException("it has no type or no object");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"expected {token}, found {reader.TokenType}");
        }
    }

    private static WatchEventType TypeOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("MODIFIED"u8))
        {
            return WatchEventType.Modified;
        }

        return reader.GetString() switch
        {
            "ADDED" => WatchEventType.Added,
            "DELETED" => WatchEventType.Deleted,
            "BOOKMARK" => WatchEventType.Bookmark,
            "ERROR" => WatchEventType.Error,
            var unknown => throw new JsonException($"unknown type {unknown}"),
        };
    }
}
