using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>
/// Field ownership: server-side apply, and the record that other writes leave. The rules are those of structured-merge-diff:
/// an apply owns what it sets, conflicts with others that own it at another value, and removes what it no longer sets and nobody else owns.
/// </summary>
internal static class FieldManager
{
    private static readonly string[] ServerOwned =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion", "generateName"];

    /// <returns>The object that results, with managed fields; equal to the live one when nothing changes.</returns>
    /// <exception cref="ApiException">Another manager owns a field at another value and <paramref name="force"/> is off.</exception>
    public static JsonObject Apply(JsonObject? live, JsonObject config, ResourceKind kind, string manager, string subresource, bool force, string now)
    {
        RefuseUnknownFields(config, kind);
        var entries = ManagedFieldsEntry.ReadAll(live);
        var owned = Strip(FieldSetBuilder.Build(config, kind.Schema));
        var mine = new ManagedFieldsEntry(manager, ManagedFieldsEntry.Apply, kind.ApiVersion, subresource, now, owned);
        var before = entries.Find(mine.IsSameManager);
        var others = entries.Where(entry => !entry.IsSameManager(mine)).ToList();

        var merged = (JsonObject)ObjectMerger.Merge(live ?? [], config, kind.Schema)!;
        if (before is not null)
        {
            var kept = others.Aggregate(owned, (set, entry) => set.Union(entry.Fields));
            ObjectMerger.Prune(merged, before.Fields.Except(owned), kept, kind.Schema);
        }

        var comparison = Compare(live, merged, kind);
        var remaining = Resolve(others, comparison, force, live is not null);
        if (before is not null && before.Fields.SetEquals(owned))
        {
            mine = before;
        }

        remaining.Add(mine);
        Store(merged, remaining);
        return merged;
    }

    /// <summary>Records on <paramref name="updated"/> what a write other than apply changed.</summary>
    public static void Update(JsonObject? live, JsonObject updated, ResourceKind kind, string manager, string subresource, string now)
    {
        // A client empties the record by sending one empty entry.
        var reset = updated.ArrayAt("metadata", "managedFields") is [JsonObject { Count: 0 }];
        var entries = reset ? [] : ManagedFieldsEntry.ReadAll(live);
        var comparison = Compare(live, updated, kind);
        var mine = new ManagedFieldsEntry(manager, ManagedFieldsEntry.Update, kind.ApiVersion, subresource, now, new FieldSet());
        var before = entries.Find(mine.IsSameManager);
        var remaining = Resolve([.. entries.Where(entry => !entry.IsSameManager(mine))], comparison, force: true, live is not null);
        var fields = (before?.Fields ?? new FieldSet()).Except(comparison.Removed).Union(comparison.Changed);
        if (before is not null && before.Fields.SetEquals(fields))
        {
            remaining.Add(before);
        }
        else if (!fields.IsEmpty && !reset)
        {
            remaining.Add(mine with { Fields = fields });
        }

        Store(updated, remaining);
    }

    private static List<ManagedFieldsEntry> Resolve(List<ManagedFieldsEntry> others, ObjectComparison comparison, bool force, bool exists)
    {
        if (exists && !force)
        {
            var conflicts = others
                .Select(entry => (entry, Paths: entry.Fields.Intersect(comparison.Changed).Paths().ToList()))
                .Where(conflict => conflict.Paths.Count > 0)
                .ToList();
            if (conflicts.Count > 0)
            {
                throw ConflictError(conflicts);
            }
        }

        var gone = comparison.Changed.Union(comparison.Removed);
        return
        [
            .. others.Select(entry => entry.Fields.Intersect(gone).IsEmpty ? entry : entry with { Fields = entry.Fields.Except(gone) })
                .Where(entry => !entry.Fields.IsEmpty),
        ];
    }

    private static ApiException ConflictError(List<(ManagedFieldsEntry Entry, List<string> Paths)> conflicts)
    {
        var causes = new JsonArray();
        foreach (var (entry, paths) in conflicts)
        {
            foreach (var path in paths)
            {
                causes.Add(new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {entry.Description}", ["field"] = path });
            }
        }

        if (causes.Count == 1)
        {
            var (entry, paths) = conflicts[0];
            return ApiErrors.ApplyConflict($"Apply failed with 1 conflict: conflict with {entry.Description}: {paths[0]}", causes);
        }

        var parts = conflicts.Select(conflict => $"conflicts with {conflict.Entry.Description}:\n{string.Join("\n", conflict.Paths.Select(path => $"- {path}"))}");
        return ApiErrors.ApplyConflict($"Apply failed with {causes.Count} conflicts: {string.Join("\n", parts)}", causes);
    }

    private static void RefuseUnknownFields(JsonObject config, ResourceKind kind)
    {
        var unknown = new List<string>();
        UnknownFieldPruner.Prune(config.Copy(), kind.Schema, "", unknown);
        if (unknown.Count == 0)
        {
            return;
        }

        var id = config.NamespaceName() is { } ns ? $"{ns}/{config.Name()}" : $"/{config.Name()}";
        var details = unknown.Count == 1 ? $".{unknown[0]}: field not declared in schema"
            : "errors:\n" + string.Join("\n", unknown.Select(path => $"  .{path}: field not declared in schema"));
        throw ApiErrors.Internal($"failed to create typed patch object ({id}; {kind.ApiVersion}, Kind={kind.Kind}): {details}");
    }

    private static ObjectComparison Compare(JsonObject? live, JsonObject updated, ResourceKind kind)
    {
        var comparison = ObjectComparison.Of(live ?? [], updated, kind.Schema);
        return new ObjectComparison(Strip(comparison.Changed), Strip(comparison.Removed));
    }

    private static FieldSet Strip(FieldSet set)
    {
        set.Remove("f:apiVersion");
        set.Remove("f:kind");
        if (set.Child("f:metadata") is not { } metadata)
        {
            return set;
        }

        metadata.IsMember = false;
        foreach (var name in ServerOwned)
        {
            metadata.Remove(FieldSteps.Field(name));
        }

        return set;
    }

    private static void Store(JsonObject obj, List<ManagedFieldsEntry> entries)
    {
        var list = new JsonArray();
        foreach (var entry in entries.OrderBy(entry => entry.Operation == ManagedFieldsEntry.Update).ThenBy(entry => entry.Time, StringComparer.Ordinal)
                     .ThenBy(entry => entry.Manager, StringComparer.Ordinal).ThenBy(entry => entry.Subresource, StringComparer.Ordinal))
        {
            list.Add(entry.ToJson());
        }

        if (list.Count > 0)
        {
            obj.Metadata()["managedFields"] = list;
        }
        else
        {
            obj.Metadata().Remove("managedFields");
        }
    }
}
