using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Hosting;
using ModelOperator.Controller.Reporting;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>One pass over a ModelDeployment: observe, plan, carry out, tell, write down.</summary>
internal sealed partial class ModelDeploymentController(
    Observer observer,
    PlanExecutor executor,
    RevisionRecords records,
    IKubernetesClient client,
    IEventPublisher events,
    RolloutMetrics metrics,
    TimeProvider time,
    ILogger<ModelDeploymentController> logger) : IEntityController<V1Alpha1ModelDeployment>
{
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(100);

    // Permissions and schemas change without a word to the operator.
    private static readonly TimeSpan WhileBlocked = TimeSpan.FromSeconds(15);

    public async Task<ReconciliationResult<V1Alpha1ModelDeployment>> ReconcileAsync(V1Alpha1ModelDeployment entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            // Everything is owned: the garbage collector takes it.
            return ReconciliationResult<V1Alpha1ModelDeployment>.Success(entity);
        }

        try
        {
            var seen = await observer.ObserveAsync(entity, cancellationToken);
            var plan = RolloutPlanner.Plan(seen.World);
            await records.PinAsync(seen, cancellationToken);
            await executor.ApplyAsync(seen, plan, cancellationToken);
            await records.RecordAsync(seen, plan, cancellationToken);
            await records.RecordCommandsAsync(seen, plan, cancellationToken);
            await TellAsync(seen, plan, cancellationToken);
            await WriteStatusAsync(seen, plan, cancellationToken);
            await records.TrimAsync(seen, plan, cancellationToken);
            return ReconciliationResult<V1Alpha1ModelDeployment>.Success(entity, Sooner(plan.RequeueAfter, seen.Traffic.RecheckAfter));
        }
        catch (KubernetesException refusal) when (refusal.IsConflict || refusal.IsAlreadyExists)
        {
            // Somebody wrote in between, or the cache is behind: look again.
            LogConflict(entity.Key(), refusal.Message);
            return ReconciliationResult<V1Alpha1ModelDeployment>.Success(entity, AfterConflict);
        }
        catch (ForeignObjectException exception)
        {
            await events.PublishAsync(entity, EventType.Warning, "NameTaken", exception.Message, $"{entity.Metadata.Generation}/{exception.Message}", cancellationToken);
            await WriteStatusAsync(entity, StatusBuilder.Blocked(entity, "NameTaken", exception.Message, time.GetStatusNow().UtcDateTime), cancellationToken);
            return ReconciliationResult<V1Alpha1ModelDeployment>.Failure(entity, exception.Message);
        }
        catch (TrafficBlockedException exception)
        {
            await events.PublishAsync(entity, EventType.Warning, exception.Reason, exception.Message, $"{entity.Metadata.Generation}/{exception.Message}", cancellationToken);
            await WriteStatusAsync(entity, StatusBuilder.Blocked(entity, exception.Reason, exception.Message, time.GetStatusNow().UtcDateTime), cancellationToken);
            return ReconciliationResult<V1Alpha1ModelDeployment>.Success(entity, WhileBlocked);
        }
    }

    public Task<ReconciliationResult<V1Alpha1ModelDeployment>> DeletedAsync(V1Alpha1ModelDeployment entity, CancellationToken cancellationToken)
    {
        metrics.Forget(entity.Key());
        return Task.FromResult(ReconciliationResult<V1Alpha1ModelDeployment>.Success(entity));
    }

    private async Task TellAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        foreach (var transition in plan.Transitions)
        {
            LogTransition(seen.Deployment.Key(), transition.Reason, transition.Message);
            await events.PublishAsync(seen.Deployment, transition.Type, transition.Reason, transition.Message, transition.Id, cancellationToken);
        }

        // Alerts stop nothing, so they are told once for each step and not for each look.
        if (seen.World.Judgement is { Alerts: { Count: > 0 } alerts })
        {
            var id = $"{seen.World.Rollout.Transitions}/alert";
            await events.PublishAsync(seen.Deployment, EventType.Warning, "AnalysisAlert", string.Join("; ", alerts), id, cancellationToken);
        }
    }

    private async Task WriteStatusAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        var deployment = seen.Deployment;
        var status = StatusBuilder.Build(new DeploymentReport
        {
            Generation = deployment.Metadata.Generation ?? 0,
            Name = deployment.Name(),
            Url = seen.Traffic.Url,
            Previous = deployment.Status,
            World = seen.World,
            Plan = plan,
            Identities = seen.Revisions.Values.ToDictionary(r => r.Name(), r => (r.Spec.Version, r.Status.Digest)),
        });
        await WriteStatusAsync(deployment, status, cancellationToken);
        metrics.Record(deployment.Key(), status.Phase ?? "", seen.World, plan);
    }

    private async Task WriteStatusAsync(V1Alpha1ModelDeployment deployment, ModelDeploymentStatus status, CancellationToken cancellationToken)
    {
        if (!Drift.Same(deployment.Status, status))
        {
            // The resource version goes along: a status worked out from an older one is refused.
            var written = new V1Alpha1ModelDeployment
            {
                ApiVersion = deployment.ApiVersion,
                Kind = deployment.Kind,
                Metadata = deployment.Metadata,
                Spec = deployment.Spec,
                Status = status,
            };
            await client.UpdateStatusAsync(written, ApiGroup.FieldManager, cancellationToken);
        }
    }

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Deployment}: {Reason}: {Message}")]
    private partial void LogTransition(ObjectKey deployment, string reason, string message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Deployment} was changed by somebody else, looking again: {Detail}")]
    private partial void LogConflict(ObjectKey deployment, string detail);
}
