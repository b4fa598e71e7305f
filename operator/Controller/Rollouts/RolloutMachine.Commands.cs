using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Events;

namespace ModelOperator.Controller.Rollouts;

/// <content>What people ask for beside the spec.</content>
internal sealed partial class RolloutMachine
{
    /// <summary>Follows the first new command that can be followed and refuses the others; null when there is none to follow.</summary>
    private Rollout? Obey()
    {
        Command? obeyed = null;
        foreach (var command in _world.Commands.Where(command => _world.Rollout.Commands.GetValueOrDefault(command.Name) != command.Text))
        {
            var refusal = obeyed is null ? CommandRules.Refusal(command, _rollout, _world) : $"{obeyed.Name} came first";
            if (refusal is null)
            {
                obeyed = command;
            }
            else
            {
                Tell(EventType.Warning, "CommandRefused", command.Name, $"{command.Name} \"{command.Text}\" does nothing: {refusal}");
            }
        }

        if (obeyed is null)
        {
            return null;
        }

        var revision = _world.Find(obeyed.Revision)!;
        _receipts.Add(new CommandReceipt(revision.Name, obeyed, _rollout.StepNumber));
        var why = obeyed.Reason is null ? "a person asked for it" : $"a person asked for it: {obeyed.Reason}";
        return obeyed.Verb switch
        {
            CommandVerb.Abort => TakeBack(why),
            CommandVerb.Rollback when _rollout.State != RolloutState.Idle => TakeBack(why),
            CommandVerb.Rollback => RollBackTo(revision, why),
            CommandVerb.Retry => Retry(revision, why),
            CommandVerb.Resume => Resume(revision, why),
            _ when _rollout.State == RolloutState.Baking => EndBake(revision, _world.Find(_rollout.Previous)!, $"{revision.Name} stopped baking: {why}"),
            _ => EndStep(revision, why),
        };
    }

    private Rollout TakeBack(string why) => _rollout.State == RolloutState.Baking
        ? Abort(AbortCause.Commanded, _world.Find(_rollout.Stable)!, _world.Find(_rollout.Previous)!, why, null)
        : Abort(AbortCause.Commanded, _world.Find(_rollout.Candidate)!, _world.Find(_rollout.Stable)!, why, null);

    private Rollout RollBackTo(RevisionView revision, string why)
    {
        var stable = _world.Find(_rollout.Stable)!;
        Tell(EventType.Normal, "RollingBack", stable.Name, $"{stable.Name} is to give way to {revision.Name}: {why}");
        Record(revision, RevisionOutcome.Candidate, $"to be served again: {why}");
        return Enter(RolloutState.Preparing) with
        {
            Candidate = revision.Name,
            StartedAt = _world.Now,
            Steps = [],
            Strategy = _target.Strategy,
            Capacity = _target.Capacity,
            Pinned = revision.Name,
            Rejected = Reject(_target.ContentHash, Reject(stable.ContentHash, [.. _rollout.Rejected.Where(hash => hash != revision.ContentHash)])),
            LastRollback = new RollbackRecord { From = stable.Name, To = revision.Name, Reason = why, At = _world.Now },
        };
    }

    private Rollout Retry(RevisionView revision, string why)
    {
        Tell(EventType.Normal, "Retrying", revision.Name, $"{revision.Name} may try again: {why}");
        return _rollout with { Rejected = [.. _rollout.Rejected.Where(hash => hash != revision.ContentHash)], Pinned = null };
    }

    private Rollout Resume(RevisionView revision, string why)
    {
        Tell(EventType.Normal, "Resumed", revision.Name, $"{revision.Name} begins {(_rollout.StepNumber is { } step ? $"step {step}" : "its trial")} again: {why}");
        return _rollout.State == RolloutState.Stepping
            ? _rollout with { StepStartedAt = null, StepDueAt = null, AwaySince = null }
            : _rollout with { StateSince = _world.Now, StepStartedAt = _rollout.StepStartedAt is null ? null : _world.Now };
    }
}
