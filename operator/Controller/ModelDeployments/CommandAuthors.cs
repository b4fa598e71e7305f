using System.Text.Json;
using System.Text.Json.Serialization;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Finds out who wrote a command: the field manager of its annotation, which caches do not keep.</summary>
internal sealed partial class CommandAuthors(IKubernetesClient client, ILogger<CommandAuthors> logger)
{
    /// <summary>The field manager; null when nobody owns the annotation (any more), or it cannot be found out: no command waits for that.</summary>
    public async Task<string?> FindAsync(V1Alpha1ModelDeployment deployment, CommandVerb verb, CancellationToken cancellationToken)
    {
        var annotation = CommandReader.Annotations.First(known => known.Verb == verb).Annotation;
        try
        {
            var live = await client.GetAsync<OwnedFields>(deployment.Name(), deployment.Namespace(), cancellationToken);
            return live?.Owned.ManagedFields?.FirstOrDefault(manager => Owns(manager.FieldsV1, annotation))?.Manager;
        }
        catch (KubernetesException refusal)
        {
            LogUnknown(deployment.Key(), annotation, refusal.Message);
            return null;
        }
    }

    private static bool Owns(JsonElement fields, string annotation) =>
        fields.ValueKind == JsonValueKind.Object
        && fields.TryGetProperty("f:metadata", out var metadata)
        && metadata.TryGetProperty("f:annotations", out var annotations)
        && annotations.TryGetProperty($"f:{annotation}", out _);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Deployment}: who wrote {Annotation} cannot be found out: {Detail}")]
    private partial void LogUnknown(ObjectKey deployment, string annotation, string detail);

    /// <summary>A ModelDeployment of which only the ownership of fields is read.</summary>
    [KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ModelDeployment", PluralName = "modeldeployments")]
    internal sealed class OwnedFields : IKubernetesObject<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        [JsonPropertyName("metadata")]
        public OwnedMetadata Owned { get; set; } = new();

        [JsonIgnore]
        public V1ObjectMeta Metadata
        {
            get => new() { Name = Owned.Name };
            set => Owned.Name = value.Name;
        }
    }

    internal sealed class OwnedMetadata
    {
        public string? Name { get; set; }

        public IList<FieldsOfManager>? ManagedFields { get; set; }
    }

    internal sealed record FieldsOfManager(string Manager, JsonElement FieldsV1);
}
