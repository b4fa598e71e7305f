using ModelOperator.Judgement;

namespace ModelOperator.Controller.Rollouts;

/// <summary>Why a rollout that could go on does not until a person acts.</summary>
/// <param name="Reason">A word for machines.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record RolloutPause(string Reason, string Message)
{
    public const string WaitingForApproval = "WaitingForApproval";
    public const string PausedByPolicy = "PausedByPolicy";

    public static readonly RolloutPause BySpec = new("PausedBySpec", "spec.rollout.paused is true");

    /// <summary>The pause that a rollout is in; null when none.</summary>
    public static RolloutPause? Of(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State is RolloutState.Idle or RolloutState.Aborting)
        {
            return null;
        }

        return (world.Target, world.Judgement) switch
        {
            ({ Paused: true }, _) => BySpec,
            ({ Replicas: 0 }, _) => new RolloutPause("ScaledToZero", "spec.replicas is 0: no pod is there to judge"),
            (_, { Decision: JudgementDecision.Pause } judgement) when rollout.OnTrial is not null => new RolloutPause(PausedByPolicy, judgement.Reason),
            _ => InStep(rollout, world),
        };
    }

    private static RolloutPause? InStep(Rollout rollout, RolloutWorld world)
    {
        if (rollout.State != RolloutState.Stepping || rollout.StepStartedAt is null)
        {
            return null;
        }

        var step = rollout.Steps[rollout.StepIndex];
        if (step.Kind == StepHold.Approval)
        {
            return new RolloutPause(WaitingForApproval, $"step {rollout.StepNumber} waits for approval: promote {rollout.Candidate}@{rollout.StepNumber}");
        }

        return step.Kind == StepHold.Evidence && world.Now >= StepClock.GivesUpAt(rollout) && world.Judgement is not { IsProven: true }
            ? new RolloutPause("EvidenceMissing", $"step {rollout.StepNumber} did not bring the evidence within {step.MaxHold}{Lacking(world)}; promote, resume or abort {rollout.Candidate}")
            : null;
    }

    private static string Lacking(RolloutWorld world) => world.Judgement is { Proof.Length: > 0 } judgement ? $" ({judgement.Proof})" : "";
}
