using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Reporting;

/// <summary>Writes down a pass: what people and machines read, and what the next pass continues from.</summary>
internal static class StatusBuilder
{
    public static ModelDeploymentStatus Build(DeploymentReport report)
    {
        var (rollout, world, plan) = (report.Rollout, report.World, report.Plan);
        return new ModelDeploymentStatus
        {
            ObservedGeneration = report.Generation,
            Phase = DeploymentPhase.Of(report),
            Message = plan.Message,
            Url = report.Url,
            Replicas = plan.Replicas.Values.Sum(),
            ReadyReplicas = world.Revisions.Values.Sum(revision => revision.Ready),
            Selector = $"{LabelNames.Deployment}={report.Name}",
            Stable = Arm(rollout.Stable, report),
            Candidate = Arm(rollout.Candidate, report),
            Step = Step(rollout),
            StepStartedAt = rollout.StepStartedAt,
            NextAt = plan.NextAt,
            Rollout = rollout.ToProgress(world.Find(rollout.Candidate)?.ContentHash),
            Analysis = Analysis(report),
            LastRollback = rollout.LastRollback,
            RejectedRevisions = rollout.Rejected.Count == 0 ? null : [.. rollout.Rejected],
            Conditions = DeploymentConditions.Of(report),
        };
    }

    /// <summary>The status of a deployment that nothing can be done for: as it was, but stalled for this reason.</summary>
    public static ModelDeploymentStatus Blocked(V1Alpha1ModelDeployment deployment, string reason, string message, DateTime now)
    {
        var status = KubernetesJson.Deserialize<ModelDeploymentStatus>(KubernetesJson.Serialize(deployment.Status));
        var generation = deployment.Metadata.Generation ?? 0;
        var conditions = new ConditionSet(status.Conditions, generation, now);
        conditions.Set(ConditionTypes.Ready, false, reason, message);
        conditions.Set(ConditionTypes.Reconciling, false, reason, message);
        conditions.Set(ConditionTypes.Stalled, true, reason, message);
        status.ObservedGeneration = generation;
        status.Phase = Phases.Degraded;
        status.Message = message;
        status.Conditions = [.. conditions.Conditions, .. (status.Conditions ?? []).Where(c => conditions.Conditions.All(set => set.Type != c.Type))];
        return status;
    }

    private static ArmStatus? Arm(string? revision, DeploymentReport report)
    {
        if (revision is null)
        {
            return null;
        }

        var identity = report.Identities.GetValueOrDefault(revision);
        var arm = report.Plan.Arms.FirstOrDefault(arm => arm.Revision == revision);
        return new ArmStatus
        {
            Revision = revision,
            Version = identity.Version,
            Digest = identity.Digest,
            Weight = arm?.Weight ?? 0,
            Mirror = arm is { Mirror: > 0 } ? arm.Mirror : null,
            Replicas = report.Plan.Replicas.GetValueOrDefault(revision),
            Ready = report.World.Find(revision)?.Ready ?? 0,
        };
    }

    private static string? Step(Rollout rollout) => (rollout.State, rollout.Steps.Count) switch
    {
        (_, 0) => null,
        (RolloutState.Preparing, var count) => $"0/{count}",
        (RolloutState.Stepping, var count) => $"{rollout.StepIndex + 1}/{count}",
        (RolloutState.Promoting or RolloutState.Baking, var count) => $"{count}/{count}",
        _ => null,
    };

    /// <summary>The latest verdicts; those of a rollout that is over stay until the next one starts.</summary>
    private static IList<AnalysisStatus>? Analysis(DeploymentReport report)
    {
        if (report.World.Judgement is { } judgement)
        {
            return judgement.Metrics.Count == 0 ? null : [.. judgement.Metrics];
        }

        var startsNow = report.Rollout.State == RolloutState.Preparing && report.World.Rollout.State != RolloutState.Preparing;
        return startsNow ? null : report.Previous.Analysis;
    }
}
