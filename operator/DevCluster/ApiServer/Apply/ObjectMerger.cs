using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>Puts an applied configuration over a live object, and takes out what is no longer applied.</summary>
internal static class ObjectMerger
{
    /// <returns>The merged value; neither argument is changed.</returns>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, SchemaNode schema)
    {
        if (live is null || !FieldSteps.IsGranular(config, schema) || live.GetType() != config!.GetType())
        {
            return config?.DeepClone();
        }

        return config is JsonObject map ? MergeMaps((JsonObject)live, map, schema) : MergeLists((JsonArray)live, (JsonArray)config, schema);
    }

    /// <summary>Removes from <paramref name="value"/>, in place, the members of <paramref name="dropped"/> that no other manager owns.</summary>
    public static void Prune(JsonNode? value, FieldSet dropped, FieldSet kept, SchemaNode schema)
    {
        if (value is JsonObject map)
        {
            foreach (var (step, child) in dropped.Children)
            {
                var name = step[2..];
                if (!map.ContainsKey(name))
                {
                    continue;
                }

                if (PruneChild(map[name], child, kept.Child(step), schema.Field(name) ?? SchemaNode.Any))
                {
                    map.Remove(name);
                }
            }
        }
        else if (value is JsonArray list && schema.ListType != ListType.Atomic)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                var step = FieldSteps.Item(list[i], schema);
                if (dropped.Child(step) is { } child && PruneChild(list[i], child, kept.Child(step), schema.Items ?? SchemaNode.Any))
                {
                    list.RemoveAt(i);
                }
            }
        }
    }

    private static bool PruneChild(JsonNode? value, FieldSet dropped, FieldSet? kept, SchemaNode schema)
    {
        var isKept = kept is { IsEmpty: false };
        if (dropped.IsMember && !isKept)
        {
            return true;
        }

        var had = Count(value);
        Prune(value, dropped, kept ?? new FieldSet(), schema);
        return !isKept && had > 0 && Count(value) == 0;
    }

    private static int Count(JsonNode? value) => value switch { JsonObject map => map.Count, JsonArray list => list.Count, _ => -1 };

    private static JsonObject MergeMaps(JsonObject live, JsonObject config, SchemaNode schema)
    {
        var result = (JsonObject)live.DeepClone();
        foreach (var (name, value) in config)
        {
            result[name] = Merge(live[name], value, schema.Field(name) ?? SchemaNode.Any);
        }

        return result;
    }

    // Applied items keep their order; live items that are not applied stay where they were among them.
    private static JsonArray MergeLists(JsonArray live, JsonArray config, SchemaNode schema)
    {
        var applied = config.Select(item => (Step: FieldSteps.Item(item, schema), Item: item)).ToList();
        var existing = live.Select(item => (Step: FieldSteps.Item(item, schema), Item: item)).ToList();
        var appliedSteps = applied.Select(entry => entry.Step).ToHashSet();
        var result = new JsonArray();
        var next = 0;
        foreach (var (step, item) in existing)
        {
            if (!appliedSteps.Contains(step))
            {
                result.Add(item?.DeepClone());
                continue;
            }

            if (next < applied.Count)
            {
                result.Add(Merged(applied[next++]));
            }
        }

        while (next < applied.Count)
        {
            result.Add(Merged(applied[next++]));
        }

        return result;

        JsonNode? Merged((string Step, JsonNode? Item) entry)
        {
            var before = existing.FirstOrDefault(candidate => candidate.Step == entry.Step).Item;
            return schema.ListType == ListType.Map ? Merge(before, entry.Item, schema.Items ?? SchemaNode.Any) : entry.Item?.DeepClone();
        }
    }
}
