using System.Text.Json;
using System.Text.Json.Serialization;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Finds out who wrote a command: the field manager of its annotation, which caches do not keep.</summary>
internal sealed class CommandAuthors(IKubernetesClient client)
{
    /// <summary>The field manager; null when nobody owns the annotation (any more).</summary>
    public async Task<string?> FindAsync(V1Alpha1ModelDeployment deployment, CommandVerb verb, CancellationToken cancellationToken)
    {
        var annotation = CommandReader.Annotations.First(known => known.Verb == verb).Annotation;
        var live = await client.GetAsync<OwnedFields>(deployment.Name(), deployment.Namespace(), cancellationToken);
        return live?.Fields.Managers?.FirstOrDefault(manager => Owns(manager.FieldsV1, annotation))?.Manager;
    }

    private static bool Owns(JsonElement fields, string annotation) =>
        fields.ValueKind == JsonValueKind.Object
        && fields.TryGetProperty("f:metadata", out var metadata)
        && metadata.TryGetProperty("f:annotations", out var annotations)
        && annotations.TryGetProperty($"f:{annotation}", out _);

    /// <summary>A ModelDeployment of which only the ownership of fields is read.</summary>
    [KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ModelDeployment", PluralName = "modeldeployments")]
    internal sealed class OwnedFields : IKubernetesObject<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        [JsonIgnore]
        public V1ObjectMeta Metadata { get; set; } = new();

        [JsonPropertyName("metadata")]
        public ManagedFields Fields { get; set; } = new();
    }

    internal sealed class ManagedFields
    {
        [JsonPropertyName("managedFields")]
        public IList<FieldsOfManager>? Managers { get; set; }
    }

    internal sealed record FieldsOfManager(string Manager, JsonElement FieldsV1);
}
