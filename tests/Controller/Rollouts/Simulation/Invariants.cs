using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <summary>What must hold whatever happens. Each check counts how often it had something to check.</summary>
internal sealed class Invariants
{
    private readonly SimulatedCluster _cluster;
    private readonly List<string> _persisted = [];
    private readonly Dictionary<string, int> _afterAbort = [];
    private int _told;

    public SortedDictionary<string, long> Counts { get; } = [];

    public Invariants(SimulatedCluster cluster)
    {
        _cluster = cluster;
        cluster.Passed = Check;
    }

    private void Check(SimulatedPass pass)
    {
        var (world, plan) = (pass.World, pass.Plan);
        Shares(world, plan);
        Capacity(world, plan);
        Steps(world, plan);
        Warmth(world, plan);
        AfterAbort(world, plan);
        foreach (var (name, before) in pass.Before)
        {
            if (_cluster.Of(name)!.Replicas == 0 && before.Replicas > 0 && _cluster.Replicas > 0 && !plan.Rollout.MakesRoom)
            {
                Check("no revision loses its pods while a ready router sends to it", before.Weight == 0, $"{name} still gets {before.Weight} %");
            }
        }

        if (!pass.Finished)
        {
            return;
        }

        foreach (var transition in plan.Transitions)
        {
            Check("a transition happens once", !_persisted.Contains(transition.Id), $"{transition.Id} happened twice");
            _persisted.Add(transition.Id);
        }

        for (; _told < _cluster.Events.Count; _told++)
        {
            var id = _cluster.Events[_told].Id;
            Check("only what was written down is told, once and in order", _told < _persisted.Count && _persisted[_told] == id, id);
        }

        Check("a transition is told by the pass after it", _told == _persisted.Count - plan.Transitions.Count, $"{_told} of {_persisted.Count}");
        if (world.Rollout.State != plan.Rollout.State && world.Rollout.State != RolloutState.Idle && plan.Rollout.State is not RolloutState.Stepping)
        {
            Check("every change of state is told", plan.Transitions.Count > 0 || plan.Rollout.State == RolloutState.Promoting, $"{world.Rollout.State} -> {plan.Rollout.State}");
        }
    }

    /// <summary>Passes until nothing is left to do, and once more.</summary>
    public void Idempotence()
    {
        _cluster.Settle();
        var before = _cluster.Writes;
        _cluster.Reconcile();
        Check("an unchanged world gets no write", _cluster.Writes == before, _cluster.Status.Message ?? "");
    }

    /// <summary>Lets the world turn good and time pass: every rollout comes to an end.</summary>
    public void Liveness()
    {
        (_cluster.Paused, _cluster.Invalid, _cluster.Verdict, _cluster.Proven) = (false, false, JudgementDecision.Advance, true);
        _cluster.Replicas = Math.Max(1, _cluster.Replicas);
        _cluster.Routers.ForEach(router => router.IsReady = true);
        foreach (var revision in _cluster.Revisions.Values)
        {
            revision.Works = true;
        }

        for (var i = 0; i < 30 && !Rests(); i++)
        {
            _cluster.RunToRest();
            _cluster.Now += TimeSpan.FromMinutes(6);
            if (_cluster.Status.Conditions!.Any(condition => condition is { Type: "Paused", Status: "True" }))
            {
                _cluster.Annotations[CommandAnnotations.Promote] = $"{_cluster.Rollout.Candidate}#{i}";
            }
        }

        _cluster.RunToRest();
        Check("every rollout ends", Rests(), $"{_cluster.Rollout.State}: {_cluster.Status.Message}");
        Check(
            "at rest only stable has pods", _cluster.Revisions.Values.All(r => r.Replicas == (r.Name == _cluster.Rollout.Stable ? _cluster.Replicas : 0)),
            _cluster.Status.Message ?? "");
    }

    private bool Rests() => _cluster.Status.Phase is "Available" or "RolledBack"
        || (_cluster.Rollout.Stable is null && _cluster.Rollout.Rejected.Contains(_cluster.WantedHash));

    private void Shares(RolloutWorld world, RolloutPlan plan)
    {
        Check("weights add up to 100", plan.Arms.Count == 0 || plan.Arms.Sum(arm => arm.Weight) == 100, Say(plan));
        Check("weights are shares", plan.Arms.All(arm => arm.Weight is >= 0 and <= 100), Say(plan));
        if (plan.Arms.Count == 2 && plan.Arms.Any(arm => world.Find(arm.Revision)!.Ready > 0))
        {
            Check("who has a share has a ready pod", plan.Arms.All(arm => arm.Weight == 0 || world.Find(arm.Revision)!.Ready > 0), Say(plan));
        }
    }

    private void Capacity(RolloutWorld world, RolloutPlan plan)
    {
        if (plan.Arms.Count != 2 || world.Target.Replicas == 0 || plan.Rollout.State == RolloutState.Preparing)
        {
            return;
        }

        var carriedBy = plan.Rollout.CarriedBy ?? world.Target.Replicas;
        var over = plan.Arms.Select(arm => arm.Weight - TrafficSplit.Capacity(world.Find(arm.Revision)!.Ready, carriedBy)).ToList();
        var ready = plan.Arms.Select(arm => world.Find(arm.Revision)!.Ready).ToList();
        var monotone = plan.Rollout.State == RolloutState.Aborting && (plan.Rollout.MakesRoom || plan.Arms[1].Weight == world.Route.WeightOf(plan.Arms[1].Revision));
        var able = ready.Sum() >= carriedBy;
        Check("a share stays within ready capacity when the two together have it", !able || over.All(o => o <= 0) || monotone, Say(plan));
        if (!able && ready.All(r => r > 0) && !monotone)
        {
            Check("two short arms share in proportion", Math.Abs(plan.Arms[1].Weight - (100.0 * ready[1] / ready.Sum())) <= 1.01 || over.All(o => o <= 0), Say(plan));
        }

        if (plan.Rollout.State is RolloutState.Stepping && ready[0] >= Math.Max(1, carriedBy))
        {
            var step = plan.Rollout.Steps[plan.Rollout.StepIndex].Weight;
            Check("a candidate gets no more than its step while stable is whole", plan.Arms[1].Weight <= step, $"{Say(plan)}, step {step}");
        }
    }

    private void Steps(RolloutWorld world, RolloutPlan plan)
    {
        var (before, after) = (world.Rollout, plan.Rollout);
        var advanced = before.State == RolloutState.Stepping
            && ((after.State == RolloutState.Stepping && after.StepIndex != before.StepIndex) || after.State == RolloutState.Promoting);
        if (advanced)
        {
            Check("a step moves by one", after.State == RolloutState.Promoting || after.StepIndex == before.StepIndex + 1, $"{before.StepIndex} -> {after.StepIndex}");
            var step = before.Steps[before.StepIndex];
            var promoted = plan.Receipts.Any(receipt => receipt.Command.Verb == CommandVerb.Promote);
            Check("only a pass or a person advances", promoted || !step.TakesTraffic || world.Judgement?.Decision == JudgementDecision.Advance, $"{world.Judgement?.Decision}");
            Check("only a person advances a step that waits for approval", promoted || step.Kind != StepHold.Approval, $"{step}");
            Check("only proof or a person advances a step that waits for evidence", promoted || step.Kind != StepHold.Evidence || world.Judgement?.IsProven == true, $"{step}");
            Check("a step lasts its time", promoted || world.Now >= before.StepStartedAt + step.Least, $"{before.StepStartedAt} {world.Now}");
            Check("nothing advances while held", !world.Target.IsHeld, "held");
        }

        if (before.StepStartedAt is null && after.StepStartedAt is not null)
        {
            var weight = after.Steps[after.StepIndex].Weight;
            var served = _cluster.Routers.Any(r => r.IsReady) && world.Route.ConfirmingRouters == world.Route.ReadyRouters && world.Route.WeightOf(after.Candidate) >= weight;
            Check("a step's clock starts when all routers serve it", served, $"{world.Route}");
        }

        if (before.State != RolloutState.Preparing && after.State == RolloutState.Preparing)
        {
            var rolledBackTo = plan.Receipts.Any(receipt => receipt.Command.Verb == CommandVerb.Rollback);
            Check("a rejected revision is not tried again", rolledBackTo || !before.Rejected.Contains(world.Find(after.Candidate)!.ContentHash), after.Candidate!);
        }

        if (after.State == RolloutState.Baking && before.State != RolloutState.Baking)
        {
            Check("promotion comes after every step", before.State == RolloutState.Promoting && world.Route.Serves(after.Stable!, 100), $"{before.State}");
        }
    }

    private void Warmth(RolloutWorld world, RolloutPlan plan)
    {
        if (plan.Rollout.MakesRoom)
        {
            int Pods(Func<string, int> count) => new[] { plan.Rollout.Stable, plan.Rollout.Candidate, plan.Rollout.Previous }.OfType<string>().Sum(count);
            var most = Math.Max(world.Target.Replicas, Pods(name => world.Find(name)!.Replicas));
            Check("who shares room takes no more of it than was asked for", Pods(name => plan.Replicas.GetValueOrDefault(name)) <= most, Say(plan));
        }
        else if (plan.Rollout.State != RolloutState.Idle && plan.Rollout.Fallback is { } fallback)
        {
            Check("the way back stays warm", plan.Replicas[fallback] == world.Target.Replicas, $"{fallback} gets {plan.Replicas[fallback]}");
        }
    }

    private void AfterAbort(RolloutWorld world, RolloutPlan plan)
    {
        if (plan.Rollout.State != RolloutState.Aborting)
        {
            _afterAbort.Clear();
        }
        else
        {
            var (candidate, weight) = (plan.Rollout.Candidate!, plan.Arms[1].Weight);
            var stableLives = world.Find(plan.Rollout.Stable)!.Ready > 0;
            if (world.Rollout.State == RolloutState.Aborting && _afterAbort.TryGetValue(candidate, out var last) && stableLives)
            {
                Check("after an abort the share never rises", weight <= last, $"{candidate} from {last} to {weight}");
            }

            // What counts is what was written: a pass may have died before.
            _afterAbort[candidate] = _cluster.Route.FirstOrDefault(arm => arm.Revision == candidate)?.Weight ?? 0;
        }
    }

    private void Check(string invariant, bool holds, string detail)
    {
        Counts[invariant] = Counts.GetValueOrDefault(invariant) + 1;
        if (!holds)
        {
            throw new InvariantViolatedException($"{invariant}: {detail}");
        }
    }

    private static string Say(RolloutPlan plan) => $"{plan.Rollout.State}: {string.Join(", ", plan.Arms)}";
}
