using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class ConfigMapStrategy : KindStrategy
{
    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var (text, binary) = (obj.ObjectAt("data") ?? [], obj.ObjectAt("binaryData") ?? []);
        return
        [
            .. DataRules.Keys(text, "data"),
            .. text.Where(entry => binary.ContainsKey(entry.Key))
                .Select(entry => FieldError.Invalid($"data[{entry.Key}]", $"\"{entry.Key}\"", "duplicate of key present in binaryData")),
            .. DataRules.Keys(binary, "binaryData"),
            .. DataRules.Size(text, binary),
            .. DataRules.Immutable(obj, old, "data", "binaryData"),
        ];
    }
}
