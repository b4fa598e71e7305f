using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>Which fields differ between two versions of an object.</summary>
/// <param name="Changed">Fields that are new or have another value.</param>
/// <param name="Removed">Fields that are gone.</param>
internal sealed record ObjectComparison(FieldSet Changed, FieldSet Removed)
{
    public static ObjectComparison Of(JsonNode? old, JsonNode? current, SchemaNode schema)
    {
        var result = new ObjectComparison(new FieldSet(), new FieldSet());
        Visit(old, current, schema, result.Changed, result.Removed);
        return result;
    }

    private static void Visit(JsonNode? old, JsonNode? current, SchemaNode schema, FieldSet changed, FieldSet removed)
    {
        var granular = FieldSteps.IsGranular(current ?? old, schema) && (old is null || current is null || old.GetType() == current.GetType());
        if (!granular)
        {
            if (!JsonNode.DeepEquals(old, current))
            {
                (current is null ? removed : changed).IsMember = true;
            }

            return;
        }

        if ((current ?? old) is JsonObject)
        {
            VisitMaps(old as JsonObject ?? [], current as JsonObject ?? [], schema, changed, removed);
        }
        else
        {
            VisitLists(old as JsonArray ?? [], current as JsonArray ?? [], schema, changed, removed);
        }

        // The value itself comes or goes with its fields; a struct of the schema is nobody's field.
        if (schema.Properties.Count > 0 && (current ?? old) is JsonObject { Count: > 0 })
        {
            return;
        }

        if ((current ?? old) is JsonArray { Count: > 0 })
        {
            return;
        }

        if (old is null && current is not null)
        {
            changed.IsMember = true;
        }

        if (old is not null && current is null)
        {
            removed.IsMember = true;
        }
    }

    private static void VisitMaps(JsonObject old, JsonObject current, SchemaNode schema, FieldSet changed, FieldSet removed)
    {
        foreach (var name in old.Select(field => field.Key).Union(current.Select(field => field.Key)))
        {
            var field = schema.Field(name) ?? SchemaNode.Any;
            var step = FieldSteps.Field(name);
            if (old.ContainsKey(name) && current.ContainsKey(name) && old[name] is null && current[name] is null)
            {
                continue;
            }

            if (current.ContainsKey(name) && current[name] is null)
            {
                changed.Ensure(step).IsMember = true;
            }
            else
            {
                Visit(old[name], current[name], field, changed.Ensure(step), removed.Ensure(step));
            }
        }
    }

    private static void VisitLists(JsonArray old, JsonArray current, SchemaNode schema, FieldSet changed, FieldSet removed)
    {
        var before = Index(old, schema);
        var after = Index(current, schema);
        foreach (var step in before.Keys.Union(after.Keys))
        {
            var (was, found) = (before.ContainsKey(step), after.ContainsKey(step));
            if (schema.ListType == ListType.Map)
            {
                Visit(before.GetValueOrDefault(step), after.GetValueOrDefault(step), schema.Items ?? SchemaNode.Any, changed.Ensure(step), removed.Ensure(step));
            }

            if (!was)
            {
                changed.Ensure(step).IsMember = true;
            }

            if (!found)
            {
                removed.Ensure(step).IsMember = true;
            }
        }
    }

    private static Dictionary<string, JsonNode?> Index(JsonArray list, SchemaNode schema)
    {
        var result = new Dictionary<string, JsonNode?>();
        foreach (var item in list)
        {
            result.TryAdd(FieldSteps.Item(item, schema), item);
        }

        return result;
    }
}
