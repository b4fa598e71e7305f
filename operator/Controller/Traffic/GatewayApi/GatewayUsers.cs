using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Finds the ModelDeployments that a change of a Gateway or of its class concerns.</summary>
internal static class GatewayUsers
{
    public static IEnumerable<ObjectKey> Of(V1Gateway gateway, IEnumerable<V1Alpha1ModelDeployment> deployments) => deployments
        .Where(deployment => deployment.Spec.Traffic?.GatewayRef is { } reference
            && (reference.Name, reference.Namespace ?? deployment.Namespace()) == (gateway.Name(), gateway.Namespace()))
        .Select(deployment => deployment.Key());

    public static IEnumerable<ObjectKey> All(IEnumerable<V1Alpha1ModelDeployment> deployments) => deployments
        .Where(deployment => deployment.Spec.Traffic?.Provider == nameof(TrafficProvider.GatewayAPI))
        .Select(deployment => deployment.Key());
}
