using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.CustomResources;

/// <summary>Serves what CustomResourceDefinitions define, from the moment that they are written.</summary>
internal sealed class CustomResourceRegistrar(KindRegistry kinds, ObjectStore store)
{
    public void Committed(ResourceKind kind, JsonObject definition)
    {
        if (!IsDefinition(kind))
        {
            return;
        }

        kinds.Replace(Group(definition), Plural(definition), CustomResourceKinds.Of(definition));
    }

    public void Deleted(ResourceKind kind, JsonObject definition)
    {
        if (!IsDefinition(kind))
        {
            return;
        }

        kinds.Replace(Group(definition), Plural(definition), []);
        store.Remove($"{Plural(definition)}.{Group(definition)}");
    }

    private static bool IsDefinition(ResourceKind kind) => kind is { Kind: "CustomResourceDefinition", Group: "apiextensions.k8s.io" };

    private static string Group(JsonObject definition) => definition.StringAt("spec", "group") ?? "";

    private static string Plural(JsonObject definition) => definition.StringAt("spec", "names", "plural") ?? "";
}
