using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Reporting;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;

namespace ModelOperator.Controller.Analysis.Policies;

/// <summary>Tells in a policy's status whether it can judge, and whom.</summary>
internal sealed class RollbackPolicyController(IKubernetesClient client, ClusterCaches caches, TimeProvider time) : IEntityController<V1Alpha1RollbackPolicy>
{
    public async Task<ReconciliationResult<V1Alpha1RollbackPolicy>> ReconcileAsync(V1Alpha1RollbackPolicy entity, CancellationToken cancellationToken)
    {
        var status = PolicyReport.Build(entity, caches.UsersOf(entity), time.GetStatusNow().UtcDateTime);
        if (entity.Metadata.DeletionTimestamp is null && !Drift.Same(entity.Status, status))
        {
            var written = new V1Alpha1RollbackPolicy
            {
                ApiVersion = entity.ApiVersion,
                Kind = entity.Kind,
                Metadata = entity.Metadata,
                Spec = entity.Spec,
                Status = status,
            };
            await client.UpdateStatusAsync(written, ApiGroup.FieldManager, cancellationToken);
        }

        return ReconciliationResult<V1Alpha1RollbackPolicy>.Success(entity);
    }

    public Task<ReconciliationResult<V1Alpha1RollbackPolicy>> DeletedAsync(V1Alpha1RollbackPolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<V1Alpha1RollbackPolicy>.Success(entity));
}
