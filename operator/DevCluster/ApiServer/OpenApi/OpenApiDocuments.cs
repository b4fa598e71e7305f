using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.OpenApi;

/// <summary>The OpenAPI documents, as far as kubectl reads them: schemas, and which parameters a write takes.</summary>
internal static class OpenApiDocuments
{
    private static readonly string[] WriteParameters = ["dryRun", "fieldManager", "fieldValidation", "pretty"];

    /// <summary>The index of the v3 documents. Each address carries a hash of what is served, so clients cache it.</summary>
    public static JsonObject Index(IEnumerable<ResourceKind> kinds, long version)
    {
        var paths = new JsonObject();
        foreach (var path in kinds.Select(PathOf).Distinct())
        {
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={version:X16}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    public static string PathOf(ResourceKind kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";

    public static JsonObject Version3(IReadOnlyList<ResourceKind> kinds)
    {
        var schemas = new SchemaDocument("#/components/schemas/");
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            var reference = new JsonObject { ["$ref"] = $"#/components/schemas/{schemas.Add(kind)}" };
            paths[$"{CollectionPath(kind)}/{{name}}"] = new JsonObject
            {
                ["get"] = Operation(kind, "get", reference, false),
                ["patch"] = Operation(kind, "patch", reference, false),
                ["put"] = Operation(kind, "put", reference, false),
                ["delete"] = Operation(kind, "delete", reference, false),
            };
            paths[CollectionPath(kind)] = new JsonObject
            {
                ["get"] = Operation(kind, "list", reference, false),
                ["post"] = Operation(kind, "post", reference, false),
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Definitions },
        };
    }

    public static JsonObject Version2(IReadOnlyList<ResourceKind> kinds)
    {
        var schemas = new SchemaDocument("#/definitions/");
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            var reference = new JsonObject { ["$ref"] = $"#/definitions/{schemas.Add(kind)}" };
            paths[$"{CollectionPath(kind)}/{{name}}"] = new JsonObject { ["patch"] = Operation(kind, "patch", reference, true) };
        }

        return new JsonObject { ["swagger"] = "2.0", ["info"] = Info(), ["paths"] = paths, ["definitions"] = schemas.Definitions };
    }

    private static string CollectionPath(ResourceKind kind) => $"/{PathOf(kind)}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}";

    private static JsonObject Operation(ResourceKind kind, string action, JsonObject schema, bool isVersion2)
    {
        var parameters = new JsonArray();
        if (action is "patch" or "put" or "post")
        {
            foreach (var name in WriteParameters)
            {
                parameters.Add(Parameter(name, "string", isVersion2));
            }

            if (action == "patch")
            {
                parameters.Add(Parameter("force", "boolean", isVersion2));
            }
        }

        var ok = new JsonObject { ["description"] = "OK" };
        if (isVersion2)
        {
            ok["schema"] = schema.DeepClone();
        }
        else
        {
            ok["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema.DeepClone() } };
        }

        return new JsonObject
        {
            ["operationId"] = $"{action}{kind.Kind}{kind.Version}{kind.Group.Replace(".", "", StringComparison.Ordinal)}",
            ["parameters"] = parameters,
            ["responses"] = new JsonObject { ["200"] = ok },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = SchemaDocument.GroupVersionKind(kind),
        };
    }

    private static JsonObject Parameter(string name, string type, bool isVersion2)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
        if (isVersion2)
        {
            parameter["type"] = type;
        }
        else
        {
            parameter["schema"] = new JsonObject { ["type"] = type };
        }

        return parameter;
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = Discovery.ServerVersion.GitVersion };
}
