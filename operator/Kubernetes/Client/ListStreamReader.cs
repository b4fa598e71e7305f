using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// Reads one page of a list object by object while it arrives: the page is never in memory as a whole, and an object
/// that cannot be used does not cost the others.
/// </summary>
internal sealed class ListStreamReader<T>(ICollection<T> items, Action<InvalidObject>? onInvalid)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 128 * 1024, minimumReadSize: 32 * 1024);

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = KubernetesJson.Options.MaxDepth });
    private Place _place = Place.Start;
    private V1ListMeta? _metadata;

    // Between two calls the reader stands at one of these.
    private enum Place
    {
        Start,
        Members,
        Items,
        End,
    }

    /// <summary>Adds the objects of the page and returns its metadata.</summary>
    /// <exception cref="JsonException">What came is no list.</exception>
    public async Task<V1ListMeta> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, Buffering);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var consumed = Take(read.Buffer, read.IsCompleted);
                reader.AdvanceTo(consumed, read.Buffer.End);
                if (_place == Place.End)
                {
                    return _metadata ?? throw new JsonException("the list has no metadata");
                }

                if (read.IsCompleted)
                {
                    throw new JsonException("the list breaks off");
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private SequencePosition Take(ReadOnlySequence<byte> buffer, bool isFinal)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, _state);
        while (_place != Place.End)
        {
            // What is not there in full is read again once more has come.
            var before = reader;
            if (!TryTakeNext(ref reader, buffer))
            {
                reader = before;
                break;
            }
        }

        _state = reader.CurrentState;
        return reader.Position;
    }

    private bool TryTakeNext(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place, reader.TokenType)
        {
            case (Place.Start, JsonTokenType.StartObject):
                _place = Place.Members;
                return true;
            case (Place.Members, JsonTokenType.PropertyName):
                return TryTakeMember(ref reader, buffer);
            case (Place.Members, JsonTokenType.EndObject):
                _place = Place.End;
                return true;
            case (Place.Items, JsonTokenType.StartObject):
                return TryTakeItem(ref reader, buffer);
            case (Place.Items, JsonTokenType.EndArray):
                _place = Place.Members;
                return true;
            default:
                throw new JsonException($"{reader.TokenType} where a list has none");
        }
    }

    private bool TryTakeMember(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (reader.ValueTextEquals("items"u8))
        {
            if (!reader.Read())
            {
                return false;
            }

            // Go writes an empty list as null.
            _place = reader.TokenType switch
            {
                JsonTokenType.StartArray => Place.Items,
                JsonTokenType.Null => Place.Members,
                _ => throw new JsonException("the items of the list are no array"),
            };
            return true;
        }

        var isKind = reader.ValueTextEquals("kind"u8);
        var isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        var start = reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isKind && (reader.TokenType != JsonTokenType.String || reader.GetString()?.EndsWith("List", StringComparison.Ordinal) != true))
        {
            throw new JsonException("what came is of another kind than a list");
        }

        if (isMetadata)
        {
            _metadata = JsonSerializer.Deserialize<V1ListMeta>(
                buffer.Slice(start, reader.BytesConsumed - start).ToArray(), KubernetesJson.Options);
        }

        return true;
    }

    private bool TryTakeItem(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        var start = reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        Add(buffer.Slice(start, reader.BytesConsumed - start));
        return true;
    }

    private void Add(in ReadOnlySequence<byte> json)
    {
        if (json.IsSingleSegment)
        {
            Add(json.FirstSpan);
            return;
        }

        var joined = ArrayPool<byte>.Shared.Rent((int)json.Length);
        try
        {
            json.CopyTo(joined);
            Add(joined.AsSpan(0, (int)json.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private void Add(ReadOnlySpan<byte> json)
    {
        if (ObjectDecoder<T>.Read(json, onInvalid) is not { } entity)
        {
            return;
        }

        if (entity.Name().Length > 0)
        {
            items.Add(entity);
        }
        else if (onInvalid is not null)
        {
            onInvalid(new InvalidObject("metadata", "the object has no metadata.name", null));
        }
        else
        {
            throw new JsonException("an object of the list has no metadata.name");
        }
    }
}
