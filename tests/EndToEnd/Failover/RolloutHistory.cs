using System.Collections.Concurrent;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Failover;

/// <summary>Everything that was ever written about the rollouts to a second revision, from a watch.</summary>
internal sealed class RolloutHistory
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Moment>> _moments = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _weights = new();

    public RolloutHistory(SharedInformers informers)
    {
        informers.Get<V1Alpha1ModelDeployment>().AddHandler(change => Record(change.Object));
        informers.Get<V1Alpha1ModelRoute>().AddHandler(change => Record(change.Object));
    }

    /// <summary>The steps of a deployment as they came, each with when it started.</summary>
    public IReadOnlyList<(string Step, DateTime StartedAt)> StepsOf(string name) =>
    [
        .. MomentsOf(name)
            .Where(moment => moment is { Step: not null, StepStartedAt: not null })
            .Select(moment => (moment.Step!, moment.StepStartedAt!.Value))
            .Aggregate(new List<(string, DateTime)>(), WithoutRepetition),
    ];

    /// <summary>How many transitions were counted, as the numbers came.</summary>
    public IReadOnlyList<long> TransitionsOf(string name) => [.. MomentsOf(name).Select(moment => moment.Transitions)];

    /// <summary>The shares of the second revision as they came.</summary>
    public IReadOnlyList<int> WeightsOf(string name) =>
        [.. _weights.GetValueOrDefault(name, []).Aggregate(new List<int>(), WithoutRepetition)];

    private static List<T> WithoutRepetition<T>(List<T> list, T next)
    {
        if (list.Count == 0 || !Equals(list[^1], next))
        {
            list.Add(next);
        }

        return list;
    }

    private ConcurrentQueue<Moment> MomentsOf(string name) => _moments.GetValueOrDefault(name, []);

    private void Record(V1Alpha1ModelDeployment deployment) => _moments.GetOrAdd(deployment.Name(), _ => []).Enqueue(
        new Moment(deployment.Status.Step, deployment.Status.StepStartedAt, deployment.Status.Rollout?.Transitions ?? 0));

    private void Record(V1Alpha1ModelRoute route)
    {
        if (route.Spec.Backends.FirstOrDefault(backend => backend.Revision == $"{route.Name()}-r2") is { } second)
        {
            _weights.GetOrAdd(route.Name(), _ => []).Enqueue(second.Weight);
        }
    }

    private sealed record Moment(string? Step, DateTime? StepStartedAt, long Transitions);
}
