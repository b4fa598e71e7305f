using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The small bodies of the protocol.</summary>
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ModelMetadata))]
[JsonSerializable(typeof(ServerLive))]
[JsonSerializable(typeof(ServerReady))]
[JsonSerializable(typeof(ModelReady))]
[JsonSerializable(typeof(RepositoryEntry[]))]
[JsonSerializable(typeof(RepositoryChange))]
internal sealed partial class V2Json : JsonSerializerContext
{
    /// <summary>Quotation marks in messages stay readable; the bodies are never part of an HTML page.</summary>
    public static V2Json Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    });
}
