using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Finds what the cluster, its Gateway or its GatewayClass lacks for a spec, before any traffic moves.</summary>
internal static class GatewaySupport
{
    /// <summary>The first thing that is missing; null when nothing is.</summary>
    /// <param name="deployment">A spec whose provider is GatewayAPI and that <see cref="GatewayLimits"/> has let pass.</param>
    /// <param name="rollout">Where its rollout stands: the steps under way count too.</param>
    /// <param name="caches">What there is.</param>
    public static SpecProblem? Problem(V1Alpha1ModelDeployment deployment, Rollout rollout, GatewayCaches caches)
    {
        if (caches.Refused is var (kind, refusal))
        {
            return Refused(kind, refusal.IsNotFound, refusal.Message);
        }

        var reference = deployment.Spec.Traffic!.GatewayRef!;
        var name = $"{reference.Namespace ?? deployment.Namespace()}/{reference.Name}";
        if (caches.Gateway(reference.Name, reference.Namespace ?? deployment.Namespace()) is not { } gateway)
        {
            return new SpecProblem("spec.traffic.gatewayRef", $"there is no Gateway {name}", "GatewayNotFound");
        }

        if (reference.SectionName is { } section && gateway.Spec.Listeners.All(listener => listener.Name != section))
        {
            var known = string.Join(", ", gateway.Spec.Listeners.Select(listener => listener.Name));
            return new SpecProblem("spec.traffic.gatewayRef.sectionName", $"Gateway {name} has no listener {section}; it has {known}", "GatewayNotFound");
        }

        return caches.ClassOf(gateway) is { } gatewayClass
            ? Unsupported(deployment.Spec, rollout, gatewayClass)
            : new SpecProblem("spec.traffic.gatewayRef", $"Gateway {name} is of GatewayClass {gateway.Spec.GatewayClassName}, which does not exist", "GatewayClassNotFound");
    }

    private static SpecProblem Refused(EntityMetadata kind, bool isAbsent, string message) => isAbsent
        ? new SpecProblem("spec.traffic.provider", $"the cluster does not serve {kind.QualifiedName} {kind.Version}: install the Gateway API, or use provider Router", "GatewayApiMissing")
        : new SpecProblem("spec.traffic.provider", $"the operator may not follow {kind.QualifiedName}, give its ServiceAccount get, list and watch: {message}", "GatewayApiForbidden");

    private static SpecProblem? Unsupported(ModelDeploymentSpec spec, Rollout rollout, V1GatewayClass gatewayClass)
    {
        if (spec.Traffic?.Hostnames is not { Count: > 0 } && !Has(gatewayClass, SupportedFeature.PathRewrite))
        {
            return Lacks(gatewayClass, "spec.traffic.hostnames", SupportedFeature.PathRewrite, "give hostnames of the model's own; without them it is found at a path that has to be cut off");
        }

        var steps = (spec.Rollout?.Steps ?? []).Index().Select(step => (step.Item.Mirror ?? 0, $"spec.rollout.steps[{step.Index}].mirror"));
        var running = rollout.Steps.Index().Select(step => (step.Item.Mirror, $"status.rollout.steps[{step.Index}].mirror"));
        foreach (var (mirror, path) in steps.Concat(running))
        {
            if (mirror > 0 && !Has(gatewayClass, SupportedFeature.RequestMirror))
            {
                return Lacks(gatewayClass, path, SupportedFeature.RequestMirror, "leave the mirror out, or use provider Router");
            }

            if (mirror is > 0 and < 100 && !Has(gatewayClass, SupportedFeature.RequestPercentageMirror))
            {
                return Lacks(gatewayClass, path, SupportedFeature.RequestPercentageMirror, "mirror 100 percent or nothing, or use provider Router");
            }
        }

        return null;
    }

    private static bool Has(V1GatewayClass gatewayClass, string feature) => gatewayClass.Status.SupportedFeatures?.Any(known => known.Name == feature) == true;

    private static SpecProblem Lacks(V1GatewayClass gatewayClass, string path, string feature, string remedy) => new(
        path,
        $"GatewayClass {gatewayClass.Name()} does not {(gatewayClass.Status.SupportedFeatures is { Count: > 0 } ? $"support {feature}" : $"tell its features, {feature} among them")}: {remedy}",
        "UnsupportedByGatewayClass");
}
