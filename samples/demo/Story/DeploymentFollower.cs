using System.Text.RegularExpressions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Demo.Story;

/// <summary>Follows one ModelDeployment and its route, tells what changes, and waits for what is expected.</summary>
internal sealed partial class DeploymentFollower
{
    private readonly Timeline _timeline;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private V1Alpha1ModelDeployment? _current;
    private string _told = "";
    private Dictionary<string, string> _verdicts = [];

    public DeploymentFollower(
        IInformer<V1Alpha1ModelDeployment> deployments, IInformer<V1Alpha1ModelRoute> routes, string name, Timeline timeline, TimeProvider time)
    {
        _timeline = timeline;
        _time = time;
        _name = name;
        Routes = new RouteLog(time);
        deployments.AddHandler(e => Take(e));
        routes.AddHandler(e => Take(e));
    }

    /// <summary>Every weight written so far.</summary>
    public RouteLog Routes { get; }

    /// <summary>The deployment as last seen.</summary>
    public V1Alpha1ModelDeployment? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Waits until the deployment, with a status for its present spec, is as expected.</summary>
    /// <exception cref="TimeoutException">It did not come to that in time; the message says what it was waiting for and what it saw last.</exception>
    public async Task<V1Alpha1ModelDeployment> UntilAsync(
        string expectation, Func<V1Alpha1ModelDeployment, bool> isMet, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_current is { } now && now.Status.ObservedGeneration == now.Metadata.Generation && isMet(now))
                {
                    return now;
                }

                changed = _changed.Task;
            }

            var left = patience - _time.GetElapsedTime(started);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(
                    $"waited {patience.TotalSeconds:0} s for: {expectation}; last seen: {Summary(Current)}");
            }
        }
    }

    private static string Summary(V1Alpha1ModelDeployment? deployment) => deployment is null
        ? "no such ModelDeployment"
        : $"{deployment.Status.Phase} {deployment.Status.Step} {deployment.Status.Message}";

    private void Take(InformerEvent<V1Alpha1ModelRoute> change)
    {
        if (change.Object.Metadata.Name != _name || change.Type == WatchEventType.Deleted || !Routes.Record(change.Object))
        {
            return;
        }

        var split = change.Object.Spec.Backends.Select(b => $"{b.Revision} {b.Weight} %{(b.Mirror > 0 ? $" and a copy of {b.Mirror} %" : "")}");
        _timeline.Say("route", string.Join(", ", split));
    }

    private void Take(InformerEvent<V1Alpha1ModelDeployment> change)
    {
        if (change.Object.Metadata.Name != _name)
        {
            return;
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            _current = change.Type == WatchEventType.Deleted ? null : change.Object;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Tell(change.Object.Status);
        }

        changed.SetResult();
    }

    private void Tell(ModelDeploymentStatus status)
    {
        var line = string.Join(' ', new[] { status.Phase, status.Step, status.Message }.Where(part => !string.IsNullOrEmpty(part)));
        var gist = Number().Replace(line, "");
        if (gist != _told && line.Length > 0)
        {
            _timeline.Say("operator", line);
            _told = gist;
        }

        var verdicts = (status.Analysis ?? []).ToDictionary(a => $"{a.Policy}/{a.Metric}", a => a.Verdict ?? "");
        foreach (var analysis in status.Analysis ?? [])
        {
            var key = $"{analysis.Policy}/{analysis.Metric}";
            if (_verdicts.GetValueOrDefault(key) != analysis.Verdict)
            {
                _timeline.Say("prometheus", Describe(analysis));
            }
        }

        _verdicts = verdicts;
    }

    // A line that differs from the one before in its numbers only is not worth reading again.
    [GeneratedRegex("[0-9.]+")]
    private static partial Regex Number();

    private static string Describe(AnalysisStatus analysis) => string.Join(' ', new[]
    {
        $"{analysis.Metric}: {analysis.Verdict}",
        analysis.Value is null ? null : $"value {analysis.Value}",
        analysis.Baseline is null ? null : $"stable {analysis.Baseline}",
        analysis.Threshold is null ? null : $"bound {analysis.Threshold}",
        analysis.Samples is null ? null : $"over {analysis.Samples} requests",
    }.OfType<string>());
}
