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
        _queue = new WorkQueue<ObjectKey>(timeProvider, _options.Backoff);
        _gate = new StalenessGate(timeProvider, _options.StaleLimit);
        _primary = informers.Get<TEntity>();
        Follow(_primary);
        _primary.AddHandler(OnPrimary);
    }

    /// <summary>Reconciles the controlling owner when an object of another kind changes.</summary>
    public ControllerRunner<TEntity> Owns<TOwned>(string? labelSelector = null)
        where TOwned : class, IKubernetesObject<V1ObjectMeta> =>
        Watches<TOwned>(OwnersOf, labelSelector);

    /// <summary>Reconciles the objects that <paramref name="map"/> names when an object of another kind changes.</summary>
    /// <param name="map">Called for the object as it is and as it was; quick, and without I/O.</param>
    /// <param name="labelSelector">The only objects to follow; null: all.</param>
    public ControllerRunner<TEntity> Watches<TOther>(Func<TOther, IEnumerable<ObjectKey>> map, string? labelSelector = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = _informers.Get<TOther>(labelSelector);
        Follow(informer);
        informer.AddHandler(change =>
        {
            EnqueueAll(map(change.Object));
            if (change.Previous is { } previous)
            {
                EnqueueAll(map(previous));
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

    private void Follow<T>(IInformer<T> informer)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _syncs.Add(informer.WaitForSyncAsync);
        _gate.Heed(typeof(T), informer);
    }

    private void OnPrimary(InformerEvent<TEntity> change)
    {
        var key = change.Object.Key();
        if (change.Type == WatchEventType.Deleted)
        {
            _deleted[key] = change.Object;
        }

        _queue.Add(key);
    }

    private void EnqueueAll(IEnumerable<ObjectKey> keys)
    {
        foreach (var key in keys)
        {
            _queue.Add(key);
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
                    (await ProcessAsync(key, abandon)).ApplyTo(_queue, key);
                }
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task<RequeueDecision> ProcessAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var scope = _logger.BeginScope("{Controller} {Key} {ReconcileId}", _kind.Kind, key, Guid.NewGuid());
        try
        {
            if (_deleted.TryRemove(key, out var gone))
            {
                var farewell = await ForgetAsync(key, gone, cancellationToken);
                if (!farewell.Forget)
                {
                    return farewell;
                }
            }

            return _primary.Get(key.Name, key.Namespace) is { } entity
                ? await ReconcileAsync(key, entity, cancellationToken)
                : new RequeueDecision(Forget: true, IsRateLimited: false, After: null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return default;
        }
        catch (Exception error)
        {
            LogThrew(error, _kind.Kind, key, _queue.Failures(key) + 1);
            return RequeueDecision.Failed;
        }
    }

    private async Task<RequeueDecision> ForgetAsync(ObjectKey key, TEntity gone, CancellationToken cancellationToken)
    {
        _gate.Forget(key);
        try
        {
            var result = await _controller.DeletedAsync(gone, cancellationToken);
            if (result.IsSuccess)
            {
                return new RequeueDecision(Forget: true, IsRateLimited: false, After: null);
            }

            LogFailed(result.Error, _kind.Kind, key, result.ErrorMessage);
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
                return new RequeueDecision(Forget: false, IsRateLimited: false, After: GateRecheck);
            case GateState.TimedOut:
                LogStale(_kind.Kind, key, _options.StaleLimit);
                break;
        }

        var writes = WriteLog.Open();
        try
        {
            var result = await _controller.ReconcileAsync(entity, cancellationToken);
            if (!result.IsSuccess)
            {
                LogFailed(result.Error, _kind.Kind, key, result.ErrorMessage);
            }

            return RequeueDecision.From(result);
        }
        finally
        {
            // What was written before a failure was written all the same.
            _gate.Expect(key, writes.Highest());
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
}
