using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.ApiServer.Tables;

namespace ModelOperator.DevCluster.ApiServer.Watching;

/// <summary>Writes the events of one watch in the form that it asked for. Nothing leaves before the writer is flushed.</summary>
internal sealed class WatchEventWriter(WatchRequest request, PipeWriter output, TimeProvider time)
{
    private const int Much = 64 * 1024;

    private bool _headerSent;

    /// <summary>Enough is waiting to be sent that more should wait for the client to take it.</summary>
    public bool HasMuch => output.UnflushedBytes >= Much;

    /// <summary>A change as this watch sees it: an object that comes into the selection is added, one that leaves it deleted.</summary>
    public void Write(Change change)
    {
        var matched = change.Previous is { } previous && request.Filter.Matches(previous);
        var matches = change.Type != ChangeType.Deleted && request.Filter.Matches(change.Object);
        if (matches)
        {
            Write(matched ? "MODIFIED" : "ADDED", change.Object);
        }
        else if (matched && change.Type == ChangeType.Deleted)
        {
            Write("DELETED", change.Object);
        }
        else if (matched)
        {
            var left = change.Previous!.Copy();
            left.Metadata()["resourceVersion"] = change.Object.Content.ResourceVersion();
            Write("DELETED", new StoredObject(change.Object.Key, change.Revision, left));
        }
    }

    public void Write(string type, StoredObject stored)
    {
        switch (request.Format)
        {
            case OutputFormat.Table:
                var obj = ObjectView.Of(stored, request.Kind);
                var metadata = new JsonObject { ["resourceVersion"] = obj.ResourceVersion() };
                Write(type, TableBuilder.Build(request.Kind, [obj], metadata, request.IncludeObject, time.GetUtcNow(), withHeader: !_headerSent));
                _headerSent = true;
                break;
            case OutputFormat.PartialMetadata:
                Write(type, ObjectView.PartialMetadata(stored.Content));
                break;
            default:
                Frame(type, ObjectView.Utf8(stored, request.Kind));
                break;
        }
    }

    public void Write(string type, JsonObject obj) => Frame(type, JsonText.Utf8(obj));

    public void WriteBookmark(long revision, bool initialEventsEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(), ["creationTimestamp"] = null };
        if (initialEventsEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var obj = new JsonObject { ["kind"] = request.Kind.Kind, ["apiVersion"] = request.Kind.ApiVersion, ["metadata"] = metadata };
        if (request.Format == OutputFormat.Table)
        {
            obj = TableBuilder.Build(request.Kind, [], metadata.Copy(), request.IncludeObject, time.GetUtcNow(), withHeader: false);
        }

        Write("BOOKMARK", obj);
    }

    private void Frame(string type, ReadOnlySpan<byte> obj)
    {
        output.Write("{\"type\":\""u8);
        output.Write(System.Text.Encoding.ASCII.GetBytes(type));
        output.Write("\",\"object\":"u8);
        output.Write(obj);
        output.Write("}\n"u8);
    }
}
