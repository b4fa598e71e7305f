using System.Collections.Immutable;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Events;

namespace ModelOperator.Controller.Rollouts;

/// <summary>
/// The states of a rollout and what leads from one to the next. It decides one move for one look at the world; shares and pods
/// follow from where that leads (<see cref="RoutePlan"/>, <see cref="ReplicaPlan"/>).
/// </summary>
internal sealed partial class RolloutMachine
{
    private readonly RolloutWorld _world;
    private readonly RolloutTarget _target;
    private readonly Rollout _rollout;
    private readonly List<Transition> _transitions = [];
    private readonly List<RevisionOutcome> _outcomes = [];
    private readonly List<CommandReceipt> _receipts = [];

    private RolloutMachine(RolloutWorld world)
    {
        _world = world;
        _target = world.Target;
        var rollout = CapacityBase.Advance(StepClock.Advance(ReadinessClock.Advance(RolloutRepair.Apply(world), world), world), world);
        _rollout = rollout with
        {
            Pinned = world.IsPinned ? rollout.Pinned : null,
            Commands = world.Commands.ToImmutableSortedDictionary(command => command.Name, command => command.Text, StringComparer.Ordinal),
        };
    }

    /// <summary>Decides the next move.</summary>
    public static RolloutMove Next(RolloutWorld world)
    {
        var machine = new RolloutMachine(world);
        var next = machine.Obey() ?? machine.Decide();
        next = next with { Transitions = world.Rollout.Transitions + machine._transitions.Count, Untold = machine._transitions };
        return new RolloutMove(next, machine._transitions, machine._outcomes, machine._receipts);
    }

    private Rollout Decide()
    {
        var stable = _world.Find(_rollout.Stable);
        return (_rollout.State, _world.Find(_rollout.Candidate), _world.Find(_rollout.Previous)) switch
        {
            (RolloutState.Preparing, { } candidate, _) when stable is null => PrepareFirst(candidate),
            (RolloutState.Baking, _, { } previous) when stable is not null => Bake(stable, previous),
            (RolloutState.Preparing, { } candidate, _) when stable is not null => Leave(candidate, stable) ?? Prepare(candidate),
            (RolloutState.Stepping, { } candidate, _) when stable is not null => Leave(candidate, stable) ?? Step(candidate),
            (RolloutState.Promoting, { } candidate, _) when stable is not null => Leave(candidate, stable) ?? Promote(candidate, stable),
            (RolloutState.Aborting, { } candidate, _) => Drain(candidate),
            _ => Rest(stable),
        };
    }

    private Rollout Rest(RevisionView? stable)
    {
        if (_world.Wanted is not { } wanted || wanted.Name == stable?.Name || _rollout.Rejected.Contains(wanted.ContentHash))
        {
            return _rollout;
        }

        // Pods that served before and are still there have nothing to prove.
        var isWarm = wanted.WasStable && wanted.Ready >= _target.Replicas;
        if (stable is null)
        {
            return Start(wanted, []);
        }

        if (_target.Paused)
        {
            return _rollout;
        }

        if (_target.Replicas == 0)
        {
            Tell(EventType.Normal, "Promoted", wanted.Name, $"{wanted.Name} follows {stable.Name} without steps: no pods are asked for, so nothing is served");
            Record(wanted, RevisionOutcome.Stable, "followed while scaled to zero");
            Record(stable, RevisionOutcome.Promoted, $"followed by {wanted.Name}");
            return Enter(RolloutState.Idle) with { Stable = wanted.Name };
        }

        return Start(wanted, isWarm || _world.IsPinned ? [] : _target.Steps);
    }

    private Rollout Start(RevisionView wanted, IReadOnlyList<TrafficStep> steps)
    {
        Tell(EventType.Normal, "RolloutStarted", wanted.Name, (_rollout.Stable, steps.Count) switch
        {
            (null, _) => $"{wanted.Name} is the first revision",
            (_, 0) => $"{wanted.Name} is to follow {_rollout.Stable} at once",
            _ => $"{wanted.Name} is to follow {_rollout.Stable} in {steps.Count} steps",
        });
        Record(wanted, RevisionOutcome.Candidate, "its rollout has started");
        return Enter(RolloutState.Preparing) with { Candidate = wanted.Name, StartedAt = _world.Now, Steps = steps, Strategy = _target.Strategy, Capacity = _target.Capacity };
    }

    private Rollout PrepareFirst(RevisionView candidate)
    {
        if (_world.Wanted is { } wanted && wanted.Name != candidate.Name && !_rollout.Rejected.Contains(wanted.ContentHash))
        {
            if (candidate.Ready > 0)
            {
                // It serves already: what follows it has to earn its share.
                return BecomeFirst(candidate);
            }

            Record(candidate, RevisionOutcome.Superseded, $"the spec asks for {wanted.Name} now; no pod was ready");
            return Start(wanted, []);
        }

        if (candidate.Ready >= _target.Replicas && _world.Route.Serves(candidate.Name, 100))
        {
            return BecomeFirst(candidate);
        }

        if (!ReadinessClock.HasPassed(_rollout, _world) || _rollout.Overdue)
        {
            return _rollout;
        }

        Tell(EventType.Warning, "ProgressDeadlineExceeded", candidate.Name, $"{NeverReady(candidate)}; there is no other revision to go back to");
        return _rollout with { Overdue = true };
    }

    private Rollout BecomeFirst(RevisionView candidate)
    {
        Tell(EventType.Normal, "Available", candidate.Name, $"{candidate.Name} is available");
        Record(candidate, RevisionOutcome.Stable, "the first revision");
        return Enter(RolloutState.Idle) with { Stable = candidate.Name, Candidate = null };
    }

    /// <summary>Whether something takes the candidate out of the running.</summary>
    private Rollout? Leave(RevisionView candidate, RevisionView stable)
    {
        if (_target.Problem is null && _world.WantedHash != candidate.ContentHash)
        {
            return _world.WantedHash == stable.ContentHash
                ? Abort(AbortCause.Reverted, candidate, stable, $"the spec went back to {stable.Name}", null)
                : Abort(AbortCause.Superseded, candidate, stable, "the spec asks for another revision", null);
        }

        return Failure(candidate) is { } failure ? Abort(AbortCause.Failed, candidate, stable, failure.Reason, failure.Metric) : null;
    }

    private (string Reason, string? Metric)? Failure(RevisionView revision)
    {
        if (_world.Judgement is { Decision: JudgementDecision.Rollback } judgement && _rollout.OnTrial == revision.Name)
        {
            return (revision.Diagnosis is { } cause ? $"{judgement.Reason}; {cause}" : judgement.Reason, judgement.Metric);
        }

        return ReadinessClock.HasPassed(_rollout, _world) ? (NeverReady(revision), null) : null;
    }

    private string NeverReady(RevisionView revision)
    {
        var needed = _rollout.State == RolloutState.Baking ? _target.Replicas : ReplicaPlan.ForCandidate(_rollout, _target.Replicas);
        return $"{revision.Name} had {revision.Ready} of {needed} pods ready when its deadline passed: {revision.Diagnosis ?? "no cause is known"}";
    }

    private Rollout Prepare(RevisionView candidate)
    {
        if (_target.IsHeld || candidate.Ready < ReplicaPlan.ForCandidate(_rollout, _target.Replicas))
        {
            return _rollout;
        }

        return _rollout.Steps.Count == 0 ? Enter(RolloutState.Promoting) : Enter(RolloutState.Stepping) with { StepIndex = 0 };
    }

    private Rollout Step(RevisionView candidate)
    {
        var step = _rollout.Steps[_rollout.StepIndex];
        var name = $"step {_rollout.StepIndex + 1} of {_rollout.Steps.Count}";
        var enough = candidate.Ready >= ReplicaPlan.ForCandidate(_rollout, _target.Replicas);
        if (!enough || !_world.Route.Serves(candidate.Name, step))
        {
            return _rollout;
        }

        if (_rollout.StepStartedAt is null)
        {
            Tell(EventType.Normal, "StepStarted", candidate.Name, $"{name}: {candidate.Name} gets {step} of the requests");
            return _rollout with { StepStartedAt = _world.Now, StepDueAt = _world.Now + step.Least };
        }

        return !_target.IsHeld && StepClock.IsDue(_rollout, _world) && HasEarned(step)
            ? EndStep(candidate, $"{candidate.Name} passed with {step} of the requests")
            : _rollout;
    }

    private bool HasEarned(TrafficStep step) => (step.Kind, _world.Judgement) switch
    {
        (StepHold.Approval, _) => false,
        (_, null) when !step.TakesTraffic => true,
        (StepHold.Evidence, { Decision: JudgementDecision.Advance, IsProven: true }) => true,
        (StepHold.Duration, { Decision: JudgementDecision.Advance }) => true,
        _ => false,
    };

    private Rollout EndStep(RevisionView candidate, string why)
    {
        Tell(EventType.Normal, "StepCompleted", candidate.Name, $"step {_rollout.StepNumber} of {_rollout.Steps.Count} is done: {why}");
        var steps = StepsFromHere();
        var next = _rollout.StepIndex + 1;
        return next < steps.Count
            ? Enter(RolloutState.Stepping) with { StepIndex = next, Steps = steps }
            : Enter(RolloutState.Promoting) with { Steps = steps, StepStartedAt = _rollout.StepStartedAt };
    }

    /// <summary>The spec's steps if they agree with what has been done already, else those that were agreed on.</summary>
    private IReadOnlyList<TrafficStep> StepsFromHere()
    {
        var done = _rollout.StepIndex + 1;
        var agree = _target.Steps.Count >= done
            && _target.Steps.Take(done).Select(s => s.Weight).SequenceEqual(_rollout.Steps.Take(done).Select(s => s.Weight));
        return agree ? _target.Steps : _rollout.Steps;
    }

    private Rollout Promote(RevisionView candidate, RevisionView stable)
    {
        if (_target.IsHeld || candidate.Ready < _target.Replicas || !_world.Route.Serves(candidate.Name, 100))
        {
            return _rollout;
        }

        Tell(EventType.Normal, "Promoted", candidate.Name, $"{candidate.Name} serves 100 % and is stable{(_rollout.MakesRoom ? "" : $"; {stable.Name} stays warm while it bakes")}");
        Record(candidate, RevisionOutcome.Stable, "promoted");
        return Enter(RolloutState.Baking) with { Stable = candidate.Name, Previous = stable.Name, Candidate = null };
    }

    private Rollout Bake(RevisionView stable, RevisionView previous)
    {
        var wantsOther = _target.Problem is null && _world.WantedHash != stable.ContentHash;
        if (wantsOther && _world.WantedHash == previous.ContentHash && !_rollout.Rejected.Contains(_world.WantedHash))
        {
            return Abort(AbortCause.Reverted, stable, previous, $"the spec went back to {previous.Name}", null);
        }

        // When pods are what fails, the one before has to be better off, or going back would help nobody.
        if (Failure(stable) is { } failure && (_world.Judgement?.Decision == JudgementDecision.Rollback || previous.Ready > stable.Ready))
        {
            return Abort(AbortCause.Failed, stable, previous, failure.Reason, failure.Metric);
        }

        if (_target.IsHeld || !_world.Route.Serves(stable.Name, 100) || stable.Ready < _target.Replicas)
        {
            return _rollout;
        }

        var followed = wantsOther && !_rollout.Rejected.Contains(_world.WantedHash);
        if (!followed && !(_world.Now >= _rollout.StateSince + _target.Bake && MayEndBake(_world.Judgement)))
        {
            return _rollout;
        }

        return EndBake(stable, previous, followed
            ? $"{stable.Name} stopped baking: the spec asks for another revision"
            : $"{stable.Name} has followed {previous.Name}");
    }

    private Rollout EndBake(RevisionView stable, RevisionView previous, string message)
    {
        Tell(EventType.Normal, "RolloutCompleted", stable.Name, message);
        if (_rollout.Rejected.Contains(previous.ContentHash))
        {
            Record(previous, RevisionOutcome.RolledBack, _rollout.LastRollback?.Reason ?? "");
        }
        else
        {
            Record(previous, RevisionOutcome.Promoted, $"followed by {stable.Name}");
        }

        return Enter(RolloutState.Idle) with { Previous = null };
    }

    // Time ends a bake, since the steps have brought the evidence; but not over a failure that is not yet one too many, nor
    // while nothing can be measured.
    private static bool MayEndBake(JudgementReport? judgement) => judgement is { Decision: JudgementDecision.Advance }
        || (judgement is { Decision: JudgementDecision.Hold, MetricsError: null } && judgement.Metrics.All(metric => metric.Verdict is not ("Fail" or "Error")));

    private Rollout Abort(AbortCause cause, RevisionView from, RevisionView to, string reason, string? metric)
    {
        var failed = cause is AbortCause.Failed or AbortCause.Commanded;
        Tell(
            cause == AbortCause.Failed ? EventType.Warning : EventType.Normal,
            failed ? "RollingBack" : cause.ToString(), from.Name, $"{from.Name} gives its share to {to.Name}: {reason}");
        var rollback = failed
            ? new RollbackRecord { From = from.Name, To = to.Name, Reason = reason, Metric = metric, At = _world.Now }
            : _rollout.LastRollback;
        return Enter(RolloutState.Aborting) with
        {
            Stable = to.Name,
            Candidate = from.Name,
            Previous = null,
            AbortCause = cause,
            AbortReason = reason,
            AbortMetric = metric,
            LastRollback = rollback,
            Rejected = failed ? Reject(from.ContentHash, _rollout.Rejected) : _rollout.Rejected,
        };
    }

    private static IReadOnlyList<string> Reject(string hash, IReadOnlyList<string> rejected) =>
        [.. rejected.Where(other => other != hash).TakeLast(Rollout.MaxRejected - 1), hash];

    private Rollout Drain(RevisionView candidate)
    {
        if (!_world.Route.IsDrained(candidate.Name))
        {
            return _rollout;
        }

        var (outcome, type) = _rollout.AbortCause switch
        {
            AbortCause.Superseded => (RevisionOutcome.Superseded, EventType.Normal),
            AbortCause.Reverted or AbortCause.Commanded => (RevisionOutcome.RolledBack, EventType.Normal),
            _ => (RevisionOutcome.RolledBack, EventType.Warning),
        };
        var reason = _rollout.AbortReason ?? "";
        Tell(type, outcome, candidate.Name, $"no request goes to {candidate.Name} any more: {reason}");
        Record(candidate, outcome, reason);
        return Enter(RolloutState.Idle) with { Candidate = null, AbortCause = null, AbortReason = null, AbortMetric = null };
    }

    private Rollout Enter(RolloutState state) => _rollout with
    {
        State = state,
        StepIndex = 0,
        StateSince = _world.Now,
        StartedAt = state is RolloutState.Idle ? null : _rollout.StartedAt,
        StepStartedAt = null,
        StepDueAt = null,
        AwaySince = null,
        DeadlineAt = null,
        ReadySince = null,
        Overdue = false,
        Steps = state is RolloutState.Idle ? [] : _rollout.Steps,
    };

    private void Record(RevisionView revision, string outcome, string reason) =>
        _outcomes.Add(new RevisionOutcome(revision.Name, outcome, reason));

    // Its place among all transitions identifies it. It is told by the pass after the one that wrote it down: a process that dies
    // in between is followed by one that tells it, and what was never written down is never told.
    private void Tell(EventType type, string reason, string about, string message) =>
        _transitions.Add(new Transition(type, reason, message, $"{_world.Rollout.Transitions + _transitions.Count}/{reason}/{about}"));
}
