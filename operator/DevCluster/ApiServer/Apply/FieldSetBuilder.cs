using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>The fields that an applied configuration sets.</summary>
internal static class FieldSetBuilder
{
    public static FieldSet Build(JsonNode? value, SchemaNode schema)
    {
        var set = new FieldSet();
        Visit(value, schema, set);
        return set;
    }

    private static void Visit(JsonNode? value, SchemaNode schema, FieldSet set)
    {
        if (!FieldSteps.IsGranular(value, schema))
        {
            set.IsMember = true;
            return;
        }

        if (value is JsonObject map)
        {
            foreach (var (name, child) in map)
            {
                var next = set.Ensure(FieldSteps.Field(name));
                Visit(child, schema.Field(name) ?? SchemaNode.Any, next);
                // An empty map, or a key that only the data knows, is a field in its own right.
                if (child is JsonObject { Count: 0 } or JsonArray { Count: 0 } || !schema.Properties.ContainsKey(name))
                {
                    next.IsMember = true;
                }
            }
        }
        else if (value is JsonArray list)
        {
            foreach (var item in list)
            {
                var next = set.Ensure(FieldSteps.Item(item, schema));
                if (schema.ListType == ListType.Map)
                {
                    Visit(item, schema.Items ?? SchemaNode.Any, next);
                }

                next.IsMember = true;
            }
        }
    }
}
