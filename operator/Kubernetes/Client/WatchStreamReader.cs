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

    /// <exception cref="KubernetesException">The server sent an ERROR event, for example 410 when the version is too old.</exception>
    /// <exception cref="InvalidDataException">The stream is not a watch.</exception>
    /// <exception cref="IOException">The stream broke off in the middle of an event.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (TryTakeLine(ref buffer, out var line))
                {
                    if (!IsBlank(line))
                    {
                        yield return Parse<T>(line);
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

    private static WatchEvent<T> Parse<T>(in ReadOnlySequence<byte> line)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = KubernetesJson.Options.MaxDepth });
            Expect(ref reader, JsonTokenType.StartObject);
            WatchEventType? type = null;
            var early = reader;
            var hasEarly = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    Expect(ref reader, JsonTokenType.String);
                    type = TypeOf(reader.GetString());
                }
                else if (reader.ValueTextEquals("object"u8))
                {
                    reader.Read();
                    if (type is { } known)
                    {
                        return ReadObject<T>(ref reader, known);
                    }

                    early = reader;
                    hasEarly = true;
                    reader.Skip();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (!hasEarly || type is not { } late)
            {
                throw new JsonException("it has no type or no object");
            }

            return ReadObject<T>(ref early, late);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"watch of {typeof(T).Name}: a line is not an event: {error.Message}", error);
        }
    }

    private static WatchEvent<T> ReadObject<T>(ref Utf8JsonReader reader, WatchEventType type)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (type != WatchEventType.Error)
        {
            var entity = JsonSerializer.Deserialize<T>(ref reader, KubernetesJson.Options) ?? throw new JsonException("its object is null");
            return new WatchEvent<T>(type, entity);
        }

        var status = JsonSerializer.Deserialize<V1Status>(ref reader, KubernetesJson.Options) ?? new V1Status();
        throw new KubernetesException((HttpStatusCode)(status.Code ?? 500), status);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"expected {token}, found {reader.TokenType}");
        }
    }

    private static WatchEventType TypeOf(string? name) => name switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        "ERROR" => WatchEventType.Error,
        _ => throw new JsonException($"unknown type {name}"),
    };
}
