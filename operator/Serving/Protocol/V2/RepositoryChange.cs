using System.Text.Json.Serialization;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The answer of <c>POST /v2/repository/models/{model}/load</c> and <c>unload</c>.</summary>
internal sealed record RepositoryChange(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Load = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Unload = null);
