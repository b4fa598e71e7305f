using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Removes the fields that a schema does not know and says where they were.</summary>
internal static class UnknownFieldPruner
{
    private static readonly SchemaNode Metadata = BuiltInSchemas.Instance["ObjectMeta"];

    public static void Prune(JsonNode? value, SchemaNode schema, string path, ICollection<string> removed, bool isObjectRoot = true)
    {
        switch (value)
        {
            case JsonObject map:
                PruneMap(map, schema, path, removed, isObjectRoot || schema.EmbeddedResource);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    Prune(list[i], items, $"{path}[{i}]", removed, false);
                }

                break;
        }
    }

    private static void PruneMap(JsonObject map, SchemaNode schema, string path, ICollection<string> removed, bool isObject)
    {
        foreach (var (name, child) in map.ToArray())
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if (isObject && name is "apiVersion" or "kind")
            {
                continue;
            }

            if (isObject && name == "metadata")
            {
                Prune(child, Metadata, childPath, removed, false);
            }
            else if (schema.Field(name) is { } field)
            {
                Prune(child, field, childPath, removed, false);
            }
            else
            {
                map.Remove(name);
                removed.Add(childPath);
            }
        }
    }
}
