using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Revisions;

/// <summary>Makes the record of a new revision, with all that decides what its pods run.</summary>
internal static class RevisionBuilder
{
    public static V1Alpha1ModelRevision Build(
        V1Alpha1ModelDeployment deployment, string contentHash, IReadOnlyList<V1Alpha1ModelRevision> existing, V1Alpha1ServingRuntime runtime)
    {
        var number = existing.Select(revision => revision.Spec.Number).DefaultIfEmpty(0).Max() + 1;
        var revision = OwnedObject.Of<V1Alpha1ModelRevision>(deployment, $"{deployment.Name()}-r{number}", OwnedObject.Labels(deployment.Name()));
        revision.Spec = new ModelRevisionSpec
        {
            Deployment = deployment.Name(),
            Number = number,
            ContentHash = contentHash,
            Version = deployment.Spec.Model.Version ?? $"{number}",
            Model = deployment.Spec.Model,
            Runtime = deployment.Spec.Runtime,
            Accelerator = deployment.Spec.Accelerator,
            ServingRuntime = runtime.Spec,
        };
        return revision;
    }
}
