using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Serves what CustomResourceDefinitions define, from the moment that they are written. A deleted definition first deletes its
/// objects; when the last is gone, so is it.
/// </summary>
internal sealed class CustomResourceRegistrar(KindRegistry kinds, ObjectStore store)
{
    private const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";
    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";

    /// <summary>Deletes one object of a definition that ends. Set once the deleter exists.</summary>
    public Action<ResourceKind, ObjectKey>? DeleteInstance { get; set; }

    /// <summary>What a delete of a definition leaves to do before it can go.</summary>
    public static void BeginDeletion(ResourceKind kind, JsonObject definition, DateTimeOffset now)
    {
        if (!IsDefinition(kind) || definition.At("status", "conditions") is not JsonArray conditions
            || conditions.Any(condition => condition.StringAt("type") == "Terminating"))
        {
            return;
        }

        if (definition.Metadata()["finalizers"] is not JsonArray finalizers)
        {
            definition.Metadata()["finalizers"] = finalizers = [];
        }

        finalizers.Add(Finalizer);
        conditions.Add(new JsonObject
        {
            ["type"] = "Terminating",
            ["status"] = "True",
            ["lastTransitionTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            ["reason"] = "InstanceDeletionInProgress",
            ["message"] = "CustomResource deletion is in progress",
        });
    }

    /// <summary>An object was written.</summary>
    public void Committed(ResourceKind kind, StoredObject written)
    {
        if (!IsDefinition(kind))
        {
            return;
        }

        var definition = written.Content;
        var versions = CustomResourceKinds.Of(definition);
        kinds.Replace(Group(definition), Plural(definition), versions);
        if (!definition.IsBeingDeleted() || !HasFinalizer(definition))
        {
            return;
        }

        var instances = store.List($"{Plural(definition)}.{Group(definition)}").Objects;
        foreach (var (key, instance) in instances)
        {
            if (versions.Count > 0 && !instance.Content.IsBeingDeleted())
            {
                DeleteInstance!(versions[0], key);
            }
        }

        FinishIfEmpty(written.Key);
    }

    /// <summary>An object is gone.</summary>
    public void Deleted(ResourceKind kind, StoredObject deleted)
    {
        if (kind.Custom && store.List(kind.Storage).Objects.IsEmpty)
        {
            FinishIfEmpty(new ObjectKey("", kind.GroupResource));
        }

        if (IsDefinition(kind))
        {
            Retire(deleted.Content);
        }
    }

    // The definition's key is the name of the resource that it defines.
    private void FinishIfEmpty(ObjectKey definition)
    {
        while (store.Get(Definitions, definition) is { } current && HasFinalizer(current.Content) && store.List(definition.Name).Objects.IsEmpty)
        {
            var next = current.Copy();
            next.Metadata()["finalizers"]!.AsArray().RemoveAll(item => item.StringOrNull() == Finalizer);
            if (next.HasFinalizers())
            {
                store.TryCommit(Definitions, definition, current, next);
            }
            else if (store.TryDelete(Definitions, current, next) is not null)
            {
                Retire(next);
            }
        }
    }

    private void Retire(JsonObject definition)
    {
        kinds.Replace(Group(definition), Plural(definition), []);
        store.Remove($"{Plural(definition)}.{Group(definition)}");
    }

    private static bool HasFinalizer(JsonObject definition) =>
        definition.ArrayAt("metadata", "finalizers")?.Any(item => item.StringOrNull() == Finalizer) == true;

    private static bool IsDefinition(ResourceKind kind) => kind is { Kind: "CustomResourceDefinition", Group: "apiextensions.k8s.io" };

    private static string Group(JsonObject definition) => definition.StringAt("spec", "group") ?? "";

    private static string Plural(JsonObject definition) => definition.StringAt("spec", "names", "plural") ?? "";
}
