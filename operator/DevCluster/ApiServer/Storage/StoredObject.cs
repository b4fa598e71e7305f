using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>
/// One version of an object, kept as the bytes that readers and watchers are sent. Its nodes are read from them when someone asks and
/// kept only as long as memory allows: ten thousand objects as nodes would be ten times as large.
/// </summary>
internal sealed class StoredObject(ObjectKey key, long revision, JsonObject content)
{
    private readonly WeakReference<JsonObject> _content = new(content);

    public ObjectKey Key => key;

    public long Revision => revision;

    /// <summary>The version of the API that it is stored in.</summary>
    public string ApiVersion { get; } = content.StringAt("apiVersion") ?? "";

    public byte[] Utf8 { get; } = JsonText.Utf8(content);

    /// <summary>The object, shared by every reader: it must never be changed.</summary>
    public JsonObject Content
    {
        get
        {
            if (!_content.TryGetTarget(out var shared))
            {
                shared = Copy();
                _content.SetTarget(shared);
            }

            return shared;
        }
    }

    /// <summary>The object, for the caller to change.</summary>
    public JsonObject Copy() => (JsonObject)JsonParser.Parse(Utf8)!;
}
