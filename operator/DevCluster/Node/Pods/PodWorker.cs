using System.Net;
using System.Threading.Channels;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Faults;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Carries one pod through its life: takes in what happens one by one, steps the machine, does what it says.</summary>
internal sealed partial class PodWorker : IPodHost, IDisposable
{
    private readonly Channel<PodInput> _inputs = Channel.CreateUnbounded<PodInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly PodContext _context;
    private readonly PodStatusWriter _status;
    private readonly ContainerRuns _runs;
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
        _runs = new ContainerRuns(this, context);
        Address = address;
        Directory = directory;
    }

    /// <inheritdoc/>
    public IPAddress Address { get; }

    /// <inheritdoc/>
    public PodDirectory Directory { get; }

    /// <inheritdoc/>
    public V1Pod Pod => _pod;

    /// <inheritdoc/>
    public string Identity => _state.Identity;

    /// <inheritdoc/>
    public CancellationToken Ended => _ended.Token;

    /// <summary>What the node knows of it.</summary>
    public PodState State => _state;

    /// <summary>The latest run of a container, or null.</summary>
    public ContainerRun? RunOf(string container) => _runs.LatestOf(container);

    /// <summary>Takes in the object as it is now.</summary>
    public void Update(V1Pod pod)
    {
        var (before, now) = (Fault.Of(_pod), Fault.Of(pod));
        _pod = pod;
        if (before != now)
        {
            _runs.OnFaultChanged(before, now);
        }

        if (pod.Metadata.DeletionTimestamp is not null)
        {
            var grace = pod.Metadata.DeletionGracePeriodSeconds ?? 30;
            if (_gracePeriodAsked is null || grace < _gracePeriodAsked)
            {
                _gracePeriodAsked = grace;
                Post(new PodInput.Terminate(TimeSpan.FromSeconds(grace)));
            }
        }
        else if (pod.Spec?.ReadinessGates is { Count: > 0 })
        {
            // Whether it is ready is up to others too.
            Post(new PodInput.Tick());
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
        LogRemoved(Identity);

        // Rounded up: an alarm that rings early would only ring again.
        static TimeSpan Clamp(TimeSpan due) => due > TimeSpan.Zero ? due + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
    }

    public void Dispose() => _ended.Dispose();

    /// <inheritdoc/>
    public void Post(PodInput input) => _inputs.Writer.TryWrite(input);

    /// <inheritdoc/>
    public void Report(EventType type, string reason, string message, string occurrence)
    {
        if (!_apiIsGone)
        {
            _context.Events.Report(_pod, type, reason, message, $"{reason}/{occurrence}");
        }
    }

    private void Perform(PodAction action)
    {
        switch (action)
        {
            case PodAction.MountVolumes:
                _ = MountAsync();
                break;
            case PodAction.StartContainer start:
                _ = _runs.StartAsync(start);
                break;
            case PodAction.RunPreStop stop:
                _ = _runs.PreStopAsync(stop);
                break;
            case PodAction.StopContainer stop:
                Report(EventType.Normal, "Killing", $"Stopping container {stop.Name}", stop.ContainerId);
                _runs.Send(stop.Name, stop.ContainerId, Signal.Terminate);
                break;
            case PodAction.KillContainer kill:
                _runs.Send(kill.Name, kill.ContainerId, Signal.Kill);
                break;
        }
    }

    private async Task MountAsync()
    {
        try
        {
            await _context.Volumes.MountAsync(_pod, Directory, Address, _ended.Token);
            Post(new PodInput.VolumesMounted());
        }
        catch (Exception e)
        {
            Report(EventType.Warning, "FailedMount", e.Message, e.Message);
            LogCannotMount(Identity, e.Message);
            Post(new PodInput.VolumesFailed());
            return;
        }

        await RefreshVolumesAsync();
    }

    private async Task RefreshVolumesAsync()
    {
        try
        {
            await _context.Volumes.KeepFreshAsync(() => _pod, Directory, Address, _ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The pod is over.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod}: {Reason}")]
    private partial void LogCannotMount(string pod, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod}: removed")]
    private partial void LogRemoved(string pod);
}
