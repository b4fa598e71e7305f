using System.Collections.Concurrent;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Faults;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.DevCluster.Node.Volumes;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Starts the processes of a pod's containers, follows each to its end and tells the pod what happens.</summary>
internal sealed partial class ContainerRuns(IPodHost host, PodContext context)
{
    private static readonly TimeSpan LogWatchInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, ContainerRun> _latest = new(StringComparer.Ordinal);
    private readonly ILogger _logger = context.Logger;

    /// <summary>The latest run of a container, or null.</summary>
    public ContainerRun? LatestOf(string container) => _latest.GetValueOrDefault(container);

    public async Task StartAsync(PodAction.StartContainer start)
    {
        var pod = host.Pod;
        var container = pod.Spec!.Containers.Concat(pod.Spec.InitContainers ?? []).First(c => c.Name == start.Name);
        try
        {
            var spec = await context.Composer.ComposeAsync(pod, container, host.Directory, host.Address, start.Attempt, host.Ended);
            var process = await context.Launcher.StartAsync(spec);
            var run = new ContainerRun(container, $"process://{Guid.NewGuid():N}", start.Attempt, spec, process, LatestOf(start.Name)?.LogTimes ?? new LogClock());
            _latest[start.Name] = run;
            host.Post(new PodInput.ContainerStarted(run.Name, run.ContainerId));
            host.Report(EventType.Normal, "Started", $"Started container {run.Name}", run.ContainerId);
            LogStarted(host.Identity, run.Name, process.Id);
            if (Fault.Of(pod) is { } fault && !(fault.Kind == FaultKind.CrashOnce && run.Attempt > 0))
            {
                Inflict(fault, run);
            }

            _ = FollowAsync(run, pod);
        }
        catch (Exception e)
        {
            host.Post(StartFailure.Of(start.Name, e));
            host.Report(EventType.Warning, "Failed", $"Error: {e.Message}", $"{start.Name}/{start.Attempt}/{e.Message}");
            LogCannotStart(host.Identity, start.Name, e.Message);
        }
    }

    /// <summary>Signals a run if it is still the latest of its container.</summary>
    public void Send(string name, string containerId, Signal signal) => Find(name, containerId)?.Process.Send(signal);

    /// <summary>Runs a preStop handler.</summary>
    public async Task PreStopAsync(PodAction.RunPreStop stop)
    {
        if (Find(stop.Name, stop.ContainerId) is { Container.Lifecycle.PreStop: { } handler } run)
        {
            var outcome = await context.Hooks.RunAsync(handler, TargetOf(run, host.Pod), run.Process.Exit, host.Ended);
            if (!outcome.Passed)
            {
                host.Report(EventType.Warning, "FailedPreStopHook", outcome.Message, run.ContainerId);
            }
        }

        host.Post(new PodInput.PreStopEnded(stop.Name, stop.ContainerId));
    }

    /// <summary>Takes in that the fault a pod asks for is another one now; null: none any more.</summary>
    public void OnFaultChanged(Fault? before, Fault? now)
    {
        foreach (var run in _latest.Values)
        {
            if (before is { Kind: FaultKind.Hang } && before.Concerns(run.Name))
            {
                run.Process.Send(Signal.Continue);
            }

            if (now is not null)
            {
                Inflict(now, run);
            }
        }
    }

    private void Inflict(Fault fault, ContainerRun run)
    {
        if (!fault.Concerns(run.Name) || run.Process.Exit.IsCompleted)
        {
            return;
        }

        host.Report(EventType.Warning, "FaultInjected", $"Injected {fault.Kind} into container {run.Name}", $"{run.ContainerId}/{fault.Kind}");
        switch (fault.Kind)
        {
            case FaultKind.Hang:
                run.Process.Send(Signal.Stop);
                break;
            case FaultKind.OutOfMemory:
                run.KillForMemory();
                break;
            default:
                run.Process.Send(Signal.Kill);
                break;
        }
    }

    private async Task FollowAsync(ContainerRun run, V1Pod pod)
    {
        using var exited = CancellationTokenSource.CreateLinkedTokenSource(host.Ended);
        var target = TargetOf(run, pod);
        var beside = Task.WhenAll(
            WatchAsync(run, "probes", ProbesOf(run).RunAsync(target, exited.Token), exited.Token),
            WatchAsync(run, "postStart handler", PostStartAsync(run, target), exited.Token),
            WatchAsync(run, "log watch", WatchLogAsync(run, exited.Token), exited.Token),
            WatchAsync(run, "memory watch", WatchMemoryAsync(run, exited.Token), exited.Token));
        var code = await run.Process.Exit;
        await exited.CancelAsync();
        var message = TerminationMessage.Read(
            host.Directory.TerminationMessageOf(run.Name), run.Spec.LogFile, run.Container.TerminationMessagePolicy, code != 0);
        var reason = run.OutOfMemory ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        host.Post(new PodInput.ContainerExited(run.Name, run.ContainerId, code, reason, message));
        LogExited(host.Identity, run.Name, code);
        await beside;
    }

    private ContainerProbes ProbesOf(ContainerRun run) => new(
        context.Probes,
        context.Time,
        (kind, passed) => OnProbeTurned(run, kind, passed),
        (kind, message) => host.Report(
            EventType.Warning, "Unhealthy", $"{kind} probe failed: {message}", $"{run.ContainerId}/{kind}/{message}"));

    private void OnProbeTurned(ContainerRun run, ProbeKind kind, bool passed)
    {
        if (!passed && kind != ProbeKind.Readiness)
        {
            host.Report(
                EventType.Normal, "Killing",
                $"Container {run.Name} failed {kind.ToString().ToLowerInvariant()} probe, will be restarted", $"{run.ContainerId}/{kind}");
        }

        host.Post(new PodInput.ProbeTurned(run.Name, run.ContainerId, kind, passed));
    }

    private async Task PostStartAsync(ContainerRun run, ProbeTarget target)
    {
        if (run.Container.Lifecycle?.PostStart is not { } handler)
        {
            return;
        }

        var outcome = await context.Hooks.RunAsync(handler, target, run.Process.Exit, host.Ended);
        if (!outcome.Passed)
        {
            host.Report(EventType.Warning, "FailedPostStartHook", outcome.Message, run.ContainerId);
            host.Report(EventType.Normal, "Killing", "FailedPostStartHook", $"{run.ContainerId}/postStart");
        }

        host.Post(new PodInput.PostStartEnded(run.Name, run.ContainerId, outcome.Passed));
    }

    private async Task WatchLogAsync(ContainerRun run, CancellationToken exited)
    {
        var log = new FileInfo(run.Spec.LogFile);
        using var timer = new PeriodicTimer(LogWatchInterval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(exited))
            {
                Observe();
            }
        }
        finally
        {
            Observe();
        }

        void Observe()
        {
            log.Refresh();
            run.LogTimes.Observe(log.Exists ? log.Length : 0, context.Time.GetUtcNow());
        }
    }

    private async Task WatchMemoryAsync(ContainerRun run, CancellationToken exited)
    {
        if (run.Container.Resources?.Limits is { } limits
            && limits.TryGetValue("memory", out var text)
            && ResourceQuantity.TryParse(text, out var limit)
            && await MemoryWatch.ExceedsAsync(run.Process.Id, (long)limit.Value, context.Time, exited))
        {
            run.KillForMemory();
        }
    }

    /// <summary>What runs beside a container ends with it; that it breaks is a fault of this node.</summary>
    private async Task WatchAsync(ContainerRun run, string what, Task work, CancellationToken exited)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (exited.IsCancellationRequested)
        {
            // The container has ended.
        }
        catch (Exception e)
        {
            LogBroke(host.Identity, what, run.Name, e);
        }
    }

    private ProbeTarget TargetOf(ContainerRun run, V1Pod pod)
    {
        var mounts = VolumeMounter.TableOf(pod, run.Container, host.Directory);
        return new ProbeTarget(run.Container, run.ContainerId, host.Address, command => ContainerComposer.Beside(run.Spec, mounts, command));
    }

    private ContainerRun? Find(string name, string containerId) =>
        _latest.TryGetValue(name, out var run) && run.ContainerId == containerId ? run : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: started container {Container} as process {ProcessId}")]
    private partial void LogStarted(string pod, string container, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: container {Container} ended with exit code {ExitCode}")]
    private partial void LogExited(string pod, string container, int exitCode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod}: container {Container} cannot start: {Reason}")]
    private partial void LogCannotStart(string pod, string container, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Pod}: the {What} of container {Container} broke")]
    private partial void LogBroke(string pod, string what, string container, Exception error);
}
