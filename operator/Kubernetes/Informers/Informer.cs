using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>A local copy of the objects of one kind, fed by a reflector.</summary>
public sealed partial class Informer<T> : IInformer<T>, ISharedInformer, IVersionedCache, IReflectorSink<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly InformerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly string _resource = EntityMetadata.For<T>().QualifiedName;
    private readonly ObjectStore<T> _store = new();
    private readonly Reflector<T> _reflector;
    private readonly List<HandlerQueue<T>> _handlers = [];
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Held from a change of the store until every handler has it in its queue, so that a resync tells nothing older after it.
    private readonly Lock _dispatching = new();
    private readonly List<InformerEvent<T>> _changes = [];
    private Action<T>? _transform;
    private KubernetesException? _refusal;
    private long _seenVersion = -1;
    private int _started;

    /// <param name="client">The cluster.</param>
    /// <param name="options">What is followed; null: everything of the kind.</param>
    /// <param name="timeProvider">The clock of waits; null: the system's.</param>
    /// <param name="logger">Where trouble is told.</param>
    /// <param name="metrics">Where lists, watches and unusable objects are counted; null: nowhere.</param>
    public Informer(
        IKubernetesClient client, InformerOptions? options, TimeProvider? timeProvider, ILogger logger, InformerMetrics? metrics = null)
        : this(client, options, timeProvider, logger, metrics, Random.Shared.NextDouble)
    {
    }

    internal Informer(
        IKubernetesClient client, InformerOptions? options, TimeProvider? timeProvider, ILogger logger, InformerMetrics? metrics, Func<double> random)
    {
        _options = options ?? new InformerOptions();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger;
        _random = random;
        _reflector = new Reflector<T>(client, _options, this, _resource, _timeProvider, random, metrics, logger);
    }

    /// <inheritdoc/>
    public bool HasSynced => _listed.Task.IsCompletedSuccessfully && _handlers.TrueForAll(handler => handler.HasSynced);

    /// <inheritdoc/>
    public KubernetesException? Refusal => Volatile.Read(ref _refusal);

    string ISharedInformer.Resource => _resource;

    /// <inheritdoc cref="IInformer{T}.WaitForSyncAsync"/>
    public async Task WaitForSyncAsync(CancellationToken cancellationToken)
    {
        await _listed.Task.WaitAsync(cancellationToken);
        await Task.WhenAll(_handlers.Select(handler => handler.WaitForSyncAsync(cancellationToken)));
    }

    /// <inheritdoc/>
    public T? Get(string name, string? namespaceName = null) => _store.Get(new ObjectKey(namespaceName ?? "", name));

    /// <inheritdoc/>
    public IReadOnlyList<T> List(string? namespaceName = null) => _store.List(namespaceName);

    /// <inheritdoc/>
    public IReadOnlyList<T> ByIndex(string indexName, string value) => _store.ByIndex(indexName, value);

    /// <inheritdoc/>
    public void AddIndex(string indexName, Func<T, IEnumerable<string>> valuesOf)
    {
        ThrowIfStarted();
        _store.AddIndex(indexName, valuesOf);
    }

    /// <inheritdoc/>
    public void SetTransform(Action<T> transform)
    {
        ThrowIfStarted();
        _transform = transform;
    }

    /// <inheritdoc/>
    public IHandlerRegistration AddHandler(Action<InformerEvent<T>> handler)
    {
        ThrowIfStarted();
        var queue = new HandlerQueue<T>(handler, _resource, _logger);
        _handlers.Add(queue);
        return queue;
    }

    /// <inheritdoc cref="IInformer{T}.RunAsync"/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException($"the informer of {_resource} runs already");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> tasks = [_reflector.RunAsync(stop.Token), .. _handlers.Select(handler => handler.RunAsync(stop.Token))];
        if (_options.ResyncPeriod is { } period)
        {
            tasks.Add(ResyncAsync(period, stop.Token));
        }

        try
        {
            // None of them ends by itself; one that fails takes the others along.
            await await Task.WhenAny(tasks);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped(_resource);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    bool IVersionedCache.HasSeen(ulong resourceVersion)
    {
        var seen = Interlocked.Read(ref _seenVersion);
        return seen >= 0 && (ulong)seen >= resourceVersion;
    }

    void IReflectorSink<T>.Refuse(KubernetesException refusal)
    {
        // What may no longer be listed is still there, for all that is known.
        if (refusal.IsNotFound || !_listed.Task.IsCompleted)
        {
            Replace([], new HashSet<ObjectKey>(), "");
        }

        Volatile.Write(ref _refusal, refusal);
    }

    void IReflectorSink<T>.Replace(IReadOnlyList<T> entities, IReadOnlySet<ObjectKey> unreadable, string resourceVersion)
    {
        Volatile.Write(ref _refusal, null);
        Replace(entities, unreadable, resourceVersion);
    }

    private void Replace(IReadOnlyList<T> entities, IReadOnlySet<ObjectKey> unreadable, string resourceVersion)
    {
        if (_transform is not null)
        {
            foreach (var entity in entities)
            {
                _transform(entity);
            }
        }

        lock (_dispatching)
        {
            var isInitialList = !_listed.Task.IsCompleted;
            _store.Replace(entities, unreadable, isInitialList, _changes);
            SawVersion(resourceVersion);
            Dispatch();
            if (isInitialList)
            {
                _handlers.ForEach(handler => handler.EndInitialList());
                _listed.SetResult();
            }

            _changes.TrimExcess();
        }
    }

    void IReflectorSink<T>.Apply(in WatchEvent<T> change)
    {
        lock (_dispatching)
        {
            switch (change.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    _transform?.Invoke(change.Object);
                    _store.Upsert(change.Object, _changes);
                    break;
                case WatchEventType.Deleted:
                    _transform?.Invoke(change.Object);
                    _store.Remove(change.Object, _changes);
                    break;
            }

            SawVersion(change.Object.ResourceVersion());
            Dispatch();
        }
    }

    private async Task ResyncAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A tenth more or less, so that the informers of a process do not all do it together.
            await Task.Delay(period * (0.9 + (0.2 * _random())), _timeProvider, cancellationToken);
            lock (_dispatching)
            {
                _changes.AddRange(_store.List(namespaceName: null).Select(entity =>
                    new InformerEvent<T>(WatchEventType.Modified, entity, entity, IsInitialList: false) { IsResync = true }));
                Dispatch();
                _changes.TrimExcess();
            }
        }
    }

    private void SawVersion(string? resourceVersion)
    {
        if (ResourceVersions.Parse(resourceVersion) is { } version and <= long.MaxValue)
        {
            Interlocked.Exchange(ref _seenVersion, (long)version);
        }
    }

    private void Dispatch()
    {
        foreach (var handler in _handlers)
        {
            foreach (var change in _changes)
            {
                handler.Add(change);
            }
        }

        _changes.Clear();
    }

    private void ThrowIfStarted()
    {
        if (Volatile.Read(ref _started) != 0)
        {
            throw new InvalidOperationException($"the informer of {_resource} runs already: set it up before");
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Informer of {Resource} stopped")]
    private partial void LogStopped(string resource);
}
