using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Workloads;

/// <summary>Metadata that all owned objects share.</summary>
internal static class OwnedObject
{
    public const string ModelRole = "model";

    /// <summary>An object of a given kind with the name, labels and owner that the product's objects have.</summary>
    public static T Of<T>(IKubernetesObject<V1ObjectMeta> owner, string name, IDictionary<string, string> labels)
        where T : class, IKubernetesObject<V1ObjectMeta>, new()
    {
        var kind = EntityMetadata.For<T>();
        return new T
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = owner.Metadata.NamespaceProperty,
                Labels = labels,
                OwnerReferences = [owner.CreateOwnerReference(controller: true, blockDeletion: true)],
            },
        };
    }

    /// <summary>Labels of what belongs to a ModelDeployment as a whole.</summary>
    public static Dictionary<string, string> Labels(string deployment) => new(StringComparer.Ordinal)
    {
        [LabelNames.AppName] = "model",
        [LabelNames.AppInstance] = deployment,
        [LabelNames.AppComponent] = ModelRole,
        [LabelNames.AppPartOf] = ApiGroup.FieldManager,
        [LabelNames.AppManagedBy] = ApiGroup.FieldManager,
        [LabelNames.Deployment] = deployment,
    };

    /// <summary>Labels of what belongs to one revision.</summary>
    public static Dictionary<string, string> Labels(V1Alpha1ModelRevision revision)
    {
        var labels = Labels(revision.Spec.Deployment);
        labels[LabelNames.AppVersion] = revision.Spec.Version;
        labels[LabelNames.Revision] = revision.Name();
        labels[LabelNames.Role] = ModelRole;
        return labels;
    }

    /// <summary>What selects the pods of one revision.</summary>
    public static Dictionary<string, string> Selector(string deployment, string revision) => new(StringComparer.Ordinal)
    {
        [LabelNames.Deployment] = deployment,
        [LabelNames.Revision] = revision,
    };

    /// <summary>gRPC on a Service. It leads nowhere while the pods have no port of the name.</summary>
    public static V1ServicePort GrpcPort() =>
        new() { Name = Ports.GrpcName, Port = Ports.ModelGrpc, TargetPort = Ports.GrpcName, Protocol = "TCP", AppProtocol = "kubernetes.io/h2c" };
}
