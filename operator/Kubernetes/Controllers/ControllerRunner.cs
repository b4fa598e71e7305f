using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>
/// Calls a controller for every object of its kind when the object, something it owns or something else it depends
/// on has changed. It is set up, then run once; the informers are run by their <see cref="SharedInformers"/>.
/// </summary>
public sealed partial class ControllerRunner<TEntity> : IDisposable
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // A cache that is behind shows the write within milliseconds, and that event queues the key; this is for when it does not.
    private static readonly TimeSpan GateRecheck = TimeSpan.FromMilliseconds(100);

    private readonly IEntityController<TEntity> _controller;
    private readonly SharedInformers _informers;
    private readonly ControllerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly EntityMetadata _kind = EntityMetadata.For<TEntity>();
    private readonly IInformer<TEntity> _primary;
    private readonly WorkQueue<ObjectKey> _queue;
    private readonly StalenessGate _gate;
    private readonly ConcurrentDictionary<ObjectKey, TEntity> _deleted = new();
    private readonly List<Func<CancellationToken, Task>> _syncs = [];
    private readonly string _name;
    private readonly ControllerInstruments? _instruments;
    private Func<InformerEvent<TEntity>, bool> _isWorthIt = _ => true;

    /// <param name="controller">What is called.</param>
    /// <param name="informers">Where objects come from.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <param name="timeProvider">The clock of delays.</param>
    /// <param name="logger">Where trouble is told.</param>
    public ControllerRunner(
        IEntityController<TEntity> controller, SharedInformers informers, ControllerOptions? options, TimeProvider timeProvider, ILogger<ControllerRunner<TEntity>> logger)
    {
        _controller = controller;
        _informers = informers;
        _options = options ?? new ControllerOptions();
        _timeProvider = timeProvider;
        _logger = logger;
        _name = _options.Name ?? _kind.Kind.ToLowerInvariant();
        _instruments = _options.Metrics is { } metrics ? new ControllerInstruments(metrics, _name) : null;
        _queue = new WorkQueue<ObjectKey>(timeProvider, _options.Backoff, _options.Metrics is null ? null : (_options.Metrics.Queues, _name));
        _gate = new StalenessGate(timeProvider, _options.StaleLimit);
        _primary = informers.Get<TEntity>();
        Follow(_primary, OnPrimary);
    }

    /// <summary>Lets only those events of the controller's own kind through that <paramref name="predicate"/> finds worth it.</summary>
    public ControllerRunner<TEntity> Where(Func<InformerEvent<TEntity>, bool> predicate)
    {
        _isWorthIt = predicate;
        return this;
    }

    /// <summary>Reconciles the controlling owner, of now and of before, when an object of another kind changes.</summary>
    /// <param name="labelSelector">The only objects to follow; null: all.</param>
    /// <param name="predicate">The only events to heed; null: all.</param>
    public ControllerRunner<TEntity> Owns<TOwned>(string? labelSelector = null, Func<InformerEvent<TOwned>, bool>? predicate = null)
        where TOwned : class, IKubernetesObject<V1ObjectMeta> =>
        Watches(OwnersOf, labelSelector, predicate);

    /// <summary>Reconciles the objects that <paramref name="map"/> names when an object of another kind changes.</summary>
    /// <param name="map">Called for the object as it is and as it was; quick, and without I/O.</param>
    /// <param name="labelSelector">The only objects to follow; null: all.</param>
    /// <param name="predicate">The only events to heed; null: all.</param>
    public ControllerRunner<TEntity> Watches<TOther>(
        Func<TOther, IEnumerable<ObjectKey>> map, string? labelSelector = null, Func<InformerEvent<TOther>, bool>? predicate = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta> => Watches(map, _informers.Get<TOther>(labelSelector), predicate);

    /// <summary>The same with an informer of the process' <see cref="SharedInformers"/>.</summary>
    public ControllerRunner<TEntity> Watches<TOther>(
        Func<TOther, IEnumerable<ObjectKey>> map, IInformer<TOther> informer, Func<InformerEvent<TOther>, bool>? predicate = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        Follow(informer, change =>
        {
            if (predicate?.Invoke(change) == false)
            {
                return;
            }

            EnqueueAll(map(change.Object), PriorityOf(change));
            if (change.Previous is { } previous)
            {
                EnqueueAll(map(previous), PriorityOf(change));
            }
        });
        return this;
    }

    /// <summary>Reconciles an object soon, for reasons that no informer sees.</summary>
    public void Enqueue(ObjectKey key) => _queue.Add(key);

    /// <summary>Waits for the informers' first lists, then works until cancelled, also in the middle of a reconciliation.</summary>
    /// <exception cref="TimeoutException">The first lists did not come in time.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken, cancellationToken);

    /// <summary>The same with a drain: once stopped, nothing new is begun, and what is in hand is finished or <paramref name="abandon"/>ed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken, CancellationToken abandon)
    {
        try
        {
            await Task.WhenAll(_syncs.Select(sync => sync(cancellationToken))).WaitAsync(_options.SyncTimeout, _timeProvider, cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"controller of {_kind.QualifiedName}: the first lists did not come within {_options.SyncTimeout}", error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        LogStarted(_kind.QualifiedName, _options.Workers);
        _instruments?.Start(_options.Workers);
        await using var stop = cancellationToken.Register(_queue.ShutDown);
        await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(cancellationToken, abandon)));
        LogStopped(_kind.QualifiedName);
    }

    /// <summary>Frees the timer of the queue.</summary>
    public void Dispose() => _queue.Dispose();

    private IEnumerable<ObjectKey> OwnersOf(IKubernetesObject<V1ObjectMeta> owned)
    {
        // The version may differ: an owner stays the owner when its kind moves on.
        if (owned.GetController() is { } owner
            && owner.Kind == _kind.Kind
            && (_kind.Group.Length == 0 ? !owner.ApiVersion.Contains('/', StringComparison.Ordinal) : owner.ApiVersion.StartsWith(_kind.Group + "/", StringComparison.Ordinal)))
        {
            yield return new ObjectKey(_kind.Scope == EntityScope.Cluster ? "" : owned.Namespace() ?? "", owner.Name);
        }
    }

    private static int PriorityOf<T>(in InformerEvent<T> change) =>
        change.IsInitialList || change.IsResync ? QueuePriority.Low : QueuePriority.Normal;

    private void Follow<T>(IInformer<T> informer, Action<InformerEvent<T>> handler)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _syncs.Add(informer.AddHandler(handler).WaitForSyncAsync);
        _gate.Heed(typeof(T), informer);
    }

    private void OnPrimary(InformerEvent<TEntity> change)
    {
        if (!_isWorthIt(change))
        {
            return;
        }

        var key = change.Object.Key();
        if (change.Type == WatchEventType.Deleted)
        {
            _deleted[key] = change.Object;
        }

        _queue.Add(key, PriorityOf(change));
    }

    private void EnqueueAll(IEnumerable<ObjectKey> keys, int priority)
    {
        foreach (var key in keys)
        {
            _queue.Add(key, priority);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken, CancellationToken abandon)
    {
        while (true)
        {
            var (hasKey, key) = await _queue.TakeAsync(CancellationToken.None);
            if (!hasKey)
            {
                return;
            }

            try
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    (await MeasureAsync(key, abandon)).ApplyTo(_queue, key);
                }
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task<RequeueDecision> MeasureAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var start = _timeProvider.GetTimestamp();
        _instruments?.Begun();
        var decision = default(RequeueDecision);
        try
        {
            return decision = await ProcessAsync(key, cancellationToken);
        }
        finally
        {
            _instruments?.Ended(decision.Outcome, _timeProvider.GetElapsedTime(start));
        }
    }

    private async Task<RequeueDecision> ProcessAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var scope = _logger.BeginScope("{Controller} {Key} {ReconcileId}", _name, key, Guid.NewGuid());
        using var timeout = _options.ReconciliationTimeout is { } longest ? new CancellationTokenSource(longest, _timeProvider) : null;
        using var either = timeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await HandleAsync(key, either?.Token ?? cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return default;
        }
        catch (OperationCanceledException error) when (timeout?.IsCancellationRequested == true)
        {
            _instruments?.TimedOut();
            LogTimedOut(_kind.Kind, key, _options.ReconciliationTimeout!.Value);
            return RequeueDecision.Failed(error);
        }
        catch (Exception error) when (ReconcileErrors.IsConflict(error))
        {
            LogConflict(_kind.Kind, key, error.Message);
            return RequeueDecision.Failed(error);
        }
        catch (Exception error)
        {
            if (ReconcileErrors.IsPanic(error))
            {
                _instruments?.Panicked();
            }

            LogThrew(error, _kind.Kind, key, _queue.Failures(key) + 1);
            return RequeueDecision.Failed(error);
        }
    }

    private async Task<RequeueDecision> HandleAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var decision = new RequeueDecision(ReconcileOutcome.Success);
        if (_deleted.TryRemove(key, out var gone))
        {
            decision = await ForgetAsync(key, gone, cancellationToken);
            if (decision.Outcome != ReconcileOutcome.Success)
            {
                return decision;
            }
        }

        return _primary.Get(key.Name, key.Namespace) is { } entity ? await ReconcileAsync(key, entity, cancellationToken) : decision;
    }

    private async Task<RequeueDecision> ForgetAsync(ObjectKey key, TEntity gone, CancellationToken cancellationToken)
    {
        _gate.Forget(key);
        try
        {
            var result = await _controller.DeletedAsync(gone, cancellationToken);
            if (result.IsSuccess)
            {
                return new RequeueDecision(ReconcileOutcome.Success);
            }

            Tell(key, result);
            _deleted.TryAdd(key, gone);
            return RequeueDecision.From(result);
        }
        catch
        {
            _deleted.TryAdd(key, gone);
            throw;
        }
    }

    private async Task<RequeueDecision> ReconcileAsync(ObjectKey key, TEntity entity, CancellationToken cancellationToken)
    {
        switch (_gate.Check(key))
        {
            case GateState.Closed:
                return new RequeueDecision(ReconcileOutcome.None, GateRecheck);
            case GateState.TimedOut:
                LogStale(_kind.Kind, key, _options.StaleLimit);
                break;
        }

        var writes = WriteLog.Open();
        try
        {
            var result = await _controller.ReconcileAsync(entity, cancellationToken);
            Tell(key, result);
            return RequeueDecision.From(result);
        }
        finally
        {
            // What was written before a failure was written all the same.
            _gate.Expect(key, writes.Highest());
        }
    }

    private void Tell(ObjectKey key, ReconciliationResult<TEntity> result)
    {
        if (result.IsSuccess)
        {
            return;
        }

        if (ReconcileErrors.IsConflict(result.Error))
        {
            LogConflict(_kind.Kind, key, result.ErrorMessage);
        }
        else
        {
            LogFailed(result.Error, _kind.Kind, key, result.ErrorMessage);
        }

        if (result.RequeueAfter is not null)
        {
            LogRequeueIgnored(_kind.Kind, key);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller of {Resource} started with {Workers} workers")]
    private partial void LogStarted(string resource, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller of {Resource} stopped")]
    private partial void LogStopped(string resource);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciling {Kind} {Key} threw (failure {Failures} in a row)")]
    private partial void LogThrew(Exception error, string kind, ObjectKey key, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciling {Kind} {Key} failed: {Reason}")]
    private partial void LogFailed(Exception? error, string kind, ObjectKey key, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cache has not shown the last writes about {Kind} {Key} for {Limit}; going on without")]
    private partial void LogStale(string kind, ObjectKey key, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconciling {Kind} {Key} from a cache that was behind; trying again: {Reason}")]
    private partial void LogConflict(string kind, ObjectKey key, string? reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciling {Kind} {Key} took longer than {Limit} and was cancelled")]
    private partial void LogTimedOut(string kind, ObjectKey key, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciling {Kind} {Key} failed and asked for a time to try again, which is ignored: failures wait with backoff")]
    private partial void LogRequeueIgnored(string kind, ObjectKey key);
}
