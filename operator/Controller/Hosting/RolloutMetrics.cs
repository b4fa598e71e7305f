using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Controller.Hosting;

/// <summary>What the operator tells Prometheus of its rollouts.</summary>
internal sealed class RolloutMetrics
{
    public const string MeterName = "ModelOperator.Controller";

    // A rollout takes minutes to days.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400, 259200, 604800],
    };

    private readonly ConcurrentDictionary<ObjectKey, string> _phases = new();
    private readonly Counter<long> _rollbacks;
    private readonly Histogram<double> _durations;

    public RolloutMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _rollbacks = meter.CreateCounter<long>("modeloperator_rollbacks_total", description: "Times that traffic was taken back from a failed revision.");
        _durations = meter.CreateHistogram("modeloperator_rollout_duration_seconds", "s", "Time from a candidate's first pod to the end of its rollout.", advice: Durations);
        meter.CreateObservableGauge("modeloperator_rollout_phase", Phases, description: "1 for the phase that a ModelDeployment is in, 0 for the others.");
    }

    /// <summary>Takes in what a pass came to, after it was written down.</summary>
    public void Record(ObjectKey deployment, string phase, RolloutWorld before, RolloutPlan plan)
    {
        _phases[deployment] = phase;
        var (from, to) = (before.Rollout, plan.Rollout);
        if (to.State == RolloutState.Aborting && to.AbortCause == AbortCause.Failed && from.State != RolloutState.Aborting)
        {
            _rollbacks.Add(1, Tag("namespace", deployment.Namespace), Tag("deployment", deployment.Name));
        }

        if (to.State == RolloutState.Idle && from is { State: not RolloutState.Idle, StartedAt: { } startedAt })
        {
            var outcome = from.State != RolloutState.Aborting ? "Completed" : from.AbortCause == AbortCause.Superseded ? "Superseded" : "RolledBack";
            _durations.Record(
                (before.Now - startedAt).TotalSeconds, Tag("namespace", deployment.Namespace), Tag("deployment", deployment.Name), Tag("outcome", outcome));
        }
    }

    public void Forget(ObjectKey deployment) => _phases.TryRemove(deployment, out _);

    private IEnumerable<Measurement<int>> Phases() =>
        from entry in _phases
        from phase in Api.Conventions.Phases.All
        select new Measurement<int>(
            entry.Value == phase ? 1 : 0, Tag("namespace", entry.Key.Namespace), Tag("deployment", entry.Key.Name), Tag("phase", phase));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
