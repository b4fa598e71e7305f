using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Fills in the defaults of a schema, as apiextensions does: also where null stands for a field that may not be null.</summary>
internal static class SchemaDefaulter
{
    public static void Apply(JsonNode? value, SchemaNode schema)
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var (name, property) in schema.Properties)
                {
                    var isGiven = map.TryGetPropertyValue(name, out var current);
                    var isDropped = isGiven && current is null && !property.Nullable && property.Type is not null;
                    if (property.Default is { } @default && (!isGiven || isDropped))
                    {
                        map[name] = @default.DeepClone();
                    }
                    else if (isDropped)
                    {
                        map.Remove(name);
                    }

                    Apply(map[name], property);
                }

                if (schema.AdditionalProperties is not { } additional)
                {
                    break;
                }

                foreach (var (name, child) in map)
                {
                    if (!schema.Properties.ContainsKey(name))
                    {
                        Apply(child, additional);
                    }
                }

                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    Apply(item, items);
                }

                break;
        }
    }
}
