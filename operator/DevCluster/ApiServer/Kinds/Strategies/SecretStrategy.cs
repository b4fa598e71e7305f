using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class SecretStrategy : KindStrategy
{
    private static readonly (string Type, string[] Keys)[] RequiredKeys =
    [
        ("kubernetes.io/tls", ["tls.crt", "tls.key"]),
        ("kubernetes.io/dockerconfigjson", [".dockerconfigjson"]),
        ("kubernetes.io/ssh-auth", ["ssh-privatekey"]),
    ];

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
        var data = obj.ObjectAt("data") ?? [];
        return
        [
            .. DataRules.Keys(data, "data"),
            .. DataRules.Size(data),
            .. RequiredKeys.Where(entry => entry.Type == obj.StringAt("type")).SelectMany(entry => entry.Keys)
                .Where(key => !data.ContainsKey(key)).Select(key => FieldError.Required($"data[{key}]")),
            .. old is not null && obj.StringAt("type") != old.StringAt("type")
                ? new[] { FieldError.Invalid("type", ValueText.Of(obj["type"]), "field is immutable") }
                : [],
            .. DataRules.Immutable(obj, old, "data"),
        ];
    }
}
