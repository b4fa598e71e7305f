using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>One version of an object. <paramref name="Content"/> is shared by every reader and must never be changed: copy it first.</summary>
internal sealed record StoredObject(ObjectKey Key, long Revision, JsonObject Content);
