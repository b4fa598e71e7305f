using System.Collections.Concurrent;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>When each candidate was looked at, from its status.</summary>
internal sealed class LookLog
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DateTime>> _looks = new();

    public LookLog(SharedInformers informers) => informers.Get<V1Alpha1ModelDeployment>().AddHandler(change => Record(change.Object));

    /// <summary>Forgets what was seen.</summary>
    public void Clear() => _looks.Clear();

    /// <summary>How many candidates were looked at more than once.</summary>
    public int Judged => _looks.Values.Count(looks => looks.Distinct().Count() > 1);

    /// <summary>A quantile of the time between two looks at the same candidate.</summary>
    public TimeSpan Longest(double quantile)
    {
        var gaps = _looks.Values.SelectMany(looks => looks.Distinct().Order().ToList() is var times ? times.Zip(times.Skip(1), (a, b) => b - a) : []).Order().ToList();
        return gaps.Count == 0 ? TimeSpan.MaxValue : gaps[(int)((gaps.Count - 1) * quantile)];
    }

    private void Record(V1Alpha1ModelDeployment deployment)
    {
        if (deployment.Status.Analysis is [{ At: { } at }, ..])
        {
            _looks.GetOrAdd(deployment.Name(), _ => []).Enqueue(at);
        }
    }
}
