using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class SecretStrategy : KindStrategy
{
    public override void Default(JsonObject obj)
    {
        obj.SetDefault("type", "Opaque");
        if (obj.ObjectAt("stringData") is not { } plain)
        {
            return;
        }

        var data = obj.Ensure("data");
        foreach (var (key, value) in plain)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value?.GetValue<string>() ?? ""));
        }

        obj.Remove("stringData");
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        if (old is null)
        {
            yield break;
        }

        if (obj.StringAt("type") != old.StringAt("type"))
        {
            yield return FieldError.Invalid("type", $"\"{obj.StringAt("type")}\"", "field is immutable");
        }

        if (old.BooleanAt("immutable") && !JsonNode.DeepEquals(obj["data"], old["data"]))
        {
            yield return FieldError.Forbidden("data", "field is immutable when `immutable` is set");
        }
    }
}
