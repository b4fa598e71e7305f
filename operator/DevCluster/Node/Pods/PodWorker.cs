using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.DevCluster.Node.Volumes;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Carries one pod through its life: takes in what happens one by one, steps the machine, does what it says.</summary>
internal sealed partial class PodWorker : IDisposable
{
    private readonly Channel<PodInput> _inputs = Channel.CreateUnbounded<PodInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, ContainerRun> _runs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private readonly PodContext _context;
    private readonly PodStatusWriter _status;
    private readonly ILogger _logger;
    private volatile V1Pod _pod;
    private volatile PodState _state;
    private volatile bool _apiIsGone;
    private long? _gracePeriodAsked;

    public PodWorker(V1Pod pod, IPAddress address, PodDirectory directory, PodContext context)
    {
        _pod = pod;
        _state = PodState.Of(pod);
        _context = context;
        _logger = context.Logger;
        _status = new PodStatusWriter(pod, address, context);
        Address = address;
        Directory = directory;
    }

    /// <summary>The pod's address.</summary>
    public IPAddress Address { get; }

    public PodDirectory Directory { get; }

    /// <summary>The pod as last seen.</summary>
    public V1Pod Pod => _pod;

    /// <summary>What the node knows of it.</summary>
    public PodState State => _state;

    /// <summary>The latest run of a container, or null.</summary>
    public ContainerRun? RunOf(string container) => _runs.GetValueOrDefault(container);

    /// <summary>Takes in the object as it is now.</summary>
    public void Update(V1Pod pod)
    {
        _pod = pod;
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            var grace = pod.Metadata.DeletionGracePeriodSeconds ?? 30;
            if (_gracePeriodAsked is null || grace < _gracePeriodAsked)
            {
                _gracePeriodAsked = grace;
                Post(new PodInput.Terminate(TimeSpan.FromSeconds(grace)));
            }
        }
    }

    /// <summary>The object is gone: end at once and write nothing more.</summary>
    public void Vanish() => Abandon(TimeSpan.Zero);

    /// <summary>The node stops: end within the time given and write nothing more.</summary>
    public void Abandon(TimeSpan patience)
    {
        _apiIsGone = true;
        Post(new PodInput.Terminate(patience < _state.GracePeriod ? patience : _state.GracePeriod));
    }

    /// <summary>Works until the pod has ended and its object is deleted.</summary>
    public async Task RunAsync()
    {
        // One timer, moved to when the machine wants to look again.
        await using var alarm = _context.Time.CreateTimer(
            _ => Post(new PodInput.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Post(new PodInput.Tick());
        var removed = false;
        while (!removed)
        {
            DateTimeOffset? wakeAt = null;
            await _inputs.Reader.WaitToReadAsync();
            while (_inputs.Reader.TryRead(out var input))
            {
                var step = PodMachine.Step(_state, input, _context.Backoff, _context.Time.GetUtcNow());
                _state = step.State;
                wakeAt = step.WakeAt;
                foreach (var action in step.Actions)
                {
                    Perform(action);
                }
            }

            removed = _state.Removed;
            if (!_apiIsGone && await _status.WriteAsync(_pod, _state) is { } retryIn)
            {
                var retryAt = _context.Time.GetUtcNow() + retryIn;
                wakeAt = wakeAt is { } at && at < retryAt ? at : retryAt;
            }

            alarm.Change(
                wakeAt is { } due ? Clamp(due - _context.Time.GetUtcNow()) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        await _ended.CancelAsync();
        if (!_apiIsGone)
        {
            await _status.DeleteAsync(_pod);
        }

        Directory.Delete();
        LogRemoved(_state.Identity);

        // Rounded up: an alarm that rings early would only ring again.
        static TimeSpan Clamp(TimeSpan due) => due > TimeSpan.Zero ? due + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    public void Dispose() => _ended.Dispose();

    private void Post(PodInput input) => _inputs.Writer.TryWrite(input);

    private void Perform(PodAction action)
    {
        switch (action)
        {
            case PodAction.MountVolumes:
                _ = MountAsync();
                break;
            case PodAction.StartContainer start:
                _ = StartAsync(start);
                break;
            case PodAction.StopContainer stop:
                Report(EventType.Normal, "Killing", $"Stopping container {stop.Name}", stop.ContainerId);
                Send(stop.Name, stop.ContainerId, Processes.Signal.Terminate);
                break;
            case PodAction.KillContainer kill:
                Send(kill.Name, kill.ContainerId, Processes.Signal.Kill);
                break;
        }
    }

    private void Send(string name, string containerId, Processes.Signal signal)
    {
        if (_runs.TryGetValue(name, out var run) && run.ContainerId == containerId)
        {
            run.Process.Send(signal);
        }
    }

    private async Task MountAsync()
    {
        try
        {
            await _context.Volumes.MountAsync(_pod, Directory, _ended.Token);
            Post(new PodInput.VolumesMounted());
        }
        catch (Exception e)
        {
            Report(EventType.Warning, "FailedMount", e.Message, e.Message);
            LogCannotMount(_state.Identity, e.Message);
            Post(new PodInput.VolumesFailed());
        }
    }

    private async Task StartAsync(PodAction.StartContainer start)
    {
        var pod = _pod;
        var container = pod.Spec!.Containers.Concat(pod.Spec.InitContainers ?? []).First(c => c.Name == start.Name);
        try
        {
            var spec = await _context.Composer.ComposeAsync(pod, container, Directory, Address, start.Attempt, _ended.Token);
            var process = await _context.Launcher.StartAsync(spec);
            var run = new ContainerRun(start.Name, $"process://{Guid.NewGuid():N}", start.Attempt, spec, process);
            _runs[start.Name] = run;
            Post(new PodInput.ContainerStarted(run.Name, run.ContainerId));
            Report(EventType.Normal, "Started", $"Started container {run.Name}", run.ContainerId);
            LogStarted(_state.Identity, run.Name, process.Id);
            _ = FollowAsync(run, pod, container);
        }
        catch (Exception e)
        {
            Post(StartFailure.Of(start.Name, e));
            Report(EventType.Warning, "Failed", $"Error: {e.Message}", $"{start.Name}/{start.Attempt}/{e.Message}");
            LogCannotStart(_state.Identity, start.Name, e.Message);
        }
    }

    private async Task FollowAsync(ContainerRun run, V1Pod pod, V1Container container)
    {
        using var exited = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        var mounts = VolumeMounter.TableOf(pod, container, Directory);
        var target = new ProbeTarget(
            container, run.ContainerId, Address, command => ContainerComposer.Beside(run.Spec, mounts, command));
        var probes = new ContainerProbes(
            _context.Probes,
            _context.Time,
            (kind, passed) => OnProbeTurned(run, kind, passed),
            (kind, message) => Report(
                EventType.Warning, "Unhealthy", $"{kind} probe failed: {message}", $"{run.ContainerId}/{kind}/{message}"));
        var probing = ProbeAsync(probes, target, exited.Token);
        var code = await run.Process.Exit;
        await exited.CancelAsync();
        var message = TerminationMessage.Read(
            Directory.TerminationMessageOf(run.Name), run.Spec.LogFile, container.TerminationMessagePolicy, code != 0);
        Post(new PodInput.ContainerExited(run.Name, run.ContainerId, code, code == 0 ? "Completed" : "Error", message));
        LogExited(_state.Identity, run.Name, code);
        await probing;
    }

    private void OnProbeTurned(ContainerRun run, ProbeKind kind, bool passed)
    {
        if (!passed && kind != ProbeKind.Readiness)
        {
            Report(
                EventType.Normal, "Killing",
                $"Container {run.Name} failed {kind.ToString().ToLowerInvariant()} probe, will be restarted", $"{run.ContainerId}/{kind}");
        }

        Post(new PodInput.ProbeTurned(run.Name, run.ContainerId, kind, passed));
    }

    private async Task ProbeAsync(ContainerProbes probes, ProbeTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await probes.RunAsync(target, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The container has ended; so have its probes.
        }
        catch (Exception e)
        {
            LogProbesBroke(_state.Identity, target.Container.Name, e);
        }
    }

    private void Report(EventType type, string reason, string message, string occurrence)
    {
        if (!_apiIsGone)
        {
            _context.Events.Report(_pod, type, reason, message, $"{reason}/{occurrence}");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: started container {Container} as process {ProcessId}")]
    private partial void LogStarted(string pod, string container, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: container {Container} ended with exit code {ExitCode}")]
    private partial void LogExited(string pod, string container, int exitCode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod}: container {Container} cannot start: {Reason}")]
    private partial void LogCannotStart(string pod, string container, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod}: {Reason}")]
    private partial void LogCannotMount(string pod, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: removed")]
    private partial void LogRemoved(string pod);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Pod}: the probes of container {Container} broke")]
    private partial void LogProbesBroke(string pod, string container, Exception error);
}
