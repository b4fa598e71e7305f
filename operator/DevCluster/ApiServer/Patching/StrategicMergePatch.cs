using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that merges lists by the key their schema names, with the directives
/// <c>$patch</c>, <c>$deleteFromPrimitiveList</c>, <c>$retainKeys</c> and <c>$setElementOrder</c>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string PatchDirective = "$patch";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";
    private const string ElementOrder = "$setElementOrder/";

    /// <summary>Merges into <paramref name="target"/> in place.</summary>
    public static void Apply(JsonObject target, JsonObject patch, SchemaNode schema)
    {
        switch (patch.StringAt(PatchDirective))
        {
            case "replace":
                target.Clear();
                foreach (var (name, value) in patch)
                {
                    if (name != PatchDirective)
                    {
                        target[name] = value?.DeepClone();
                    }
                }

                return;
            case "delete":
                target.Clear();
                return;
            case null or "merge":
                break;
            case var unknown:
                throw new PatchException($"unknown patch type: {unknown} in map: map[$patch:{unknown}]");
        }

        if (patch.ArrayAt("$retainKeys") is { } kept)
        {
            var names = kept.Select(name => name.StringOrNull()).ToHashSet();
            foreach (var name in target.Select(field => field.Key).Where(name => !names.Contains(name)).ToArray())
            {
                target.Remove(name);
            }
        }

        foreach (var (name, change) in patch)
        {
            if (name.StartsWith('$'))
            {
                Directive(target, name, change);
            }
            else
            {
                Field(target, name, change, schema.Field(name) ?? SchemaNode.Any);
            }
        }

        foreach (var (name, order) in patch)
        {
            if (!name.StartsWith(ElementOrder, StringComparison.Ordinal) || order is not JsonArray wanted)
            {
                continue;
            }

            var field = name[ElementOrder.Length..];
            if (target[field] is JsonArray list)
            {
                target[field] = Reorder(list, wanted, schema.Field(field)?.PatchMergeKey);
            }
        }
    }

    private static void Directive(JsonObject target, string name, JsonNode? change)
    {
        if (!name.StartsWith(DeleteFromList, StringComparison.Ordinal) || change is not JsonArray gone)
        {
            return;
        }

        if (target[name[DeleteFromList.Length..]] is not JsonArray list)
        {
            return;
        }

        foreach (var value in gone)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (JsonNode.DeepEquals(list[i], value))
                {
                    list.RemoveAt(i);
                }
            }
        }
    }

    private static void Field(JsonObject target, string name, JsonNode? change, SchemaNode schema)
    {
        switch (change)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject map when map.StringAt(PatchDirective) == "delete":
                target.Remove(name);
                break;
            case JsonObject map:
                Apply(target.Ensure(name), map, schema);
                break;
            case JsonArray items when schema.PatchMerge:
                var current = target[name] as JsonArray ?? [];
                var merged = schema.PatchMergeKey is { } key ? MergeByKey(current, items, key, schema.Items!) : MergeValues(current, items);
                if (!ReferenceEquals(merged, target[name]))
                {
                    target[name] = merged;
                }

                break;
            default:
                target[name] = change.DeepClone();
                break;
        }
    }

    private static JsonArray MergeValues(JsonArray current, JsonArray added)
    {
        foreach (var value in added)
        {
            if (!current.Any(existing => JsonNode.DeepEquals(existing, value)))
            {
                current.Add(value?.DeepClone());
            }
        }

        return current;
    }

    private static JsonArray MergeByKey(JsonArray current, JsonArray changes, string key, SchemaNode itemSchema)
    {
        if (changes.Any(change => change.StringAt(PatchDirective) == "replace"))
        {
            var replacement = new JsonArray();
            foreach (var item in changes)
            {
                if (item.At(PatchDirective) is null)
                {
                    replacement.Add(item?.DeepClone());
                }
            }

            return replacement;
        }

        var before = current.ToList();
        var patched = new List<JsonNode?>();
        foreach (var change in changes)
        {
            if (change is not JsonObject item || item[key] is not { } value)
            {
                throw new PatchException($"map: {change?.ToJsonString()} does not contain declared merge key: {key}");
            }

            var existing = current.OfType<JsonObject>().FirstOrDefault(candidate => JsonNode.DeepEquals(candidate[key], value));
            if (item.StringAt(PatchDirective) == "delete")
            {
                if (existing is not null)
                {
                    current.Remove(existing);
                }
            }
            else if (existing is not null)
            {
                Apply(existing, item, itemSchema);
                patched.Add(existing);
            }
            else
            {
                var added = new JsonObject();
                Apply(added, item, itemSchema);
                patched.Add(added);
            }
        }

        return Interleave(current, before, patched);
    }

    // What the patch names comes in its order, new items first; the rest stays where it was between them.
    private static JsonArray Interleave(JsonArray current, List<JsonNode?> before, List<JsonNode?> patched)
    {
        var rest = current.Where(item => !patched.Contains(item)).ToList();
        var result = new List<JsonNode?>();
        foreach (var item in patched)
        {
            while (rest.Count > 0 && before.IndexOf(rest[0]) < before.IndexOf(item))
            {
                result.Add(rest[0]);
                rest.RemoveAt(0);
            }

            result.Add(item);
        }

        result.AddRange(rest);
        current.Clear();
        return new JsonArray([.. result]);
    }

    // Items the order does not name stay behind the ones it does.
    private static JsonArray Reorder(JsonArray list, JsonArray order, string? key)
    {
        var items = list.ToList();
        list.Clear();
        var result = new JsonArray();
        foreach (var wanted in order)
        {
            var found = items.FindIndex(item => key is null ? JsonNode.DeepEquals(item, wanted) : JsonNode.DeepEquals(item.At(key), wanted.At(key)));
            if (found < 0)
            {
                continue;
            }

            result.Add(items[found]);
            items.RemoveAt(found);
        }

        foreach (var item in items)
        {
            result.Add(item);
        }

        return result;
    }
}
