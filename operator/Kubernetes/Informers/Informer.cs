using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>A local copy of the objects of one kind, fed by a list and the watch that continues from it.</summary>
public sealed partial class Informer<T> : IInformer<T>, ISharedInformer, IVersionedCache
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // The server ends a watch after 5 to 10 minutes; random, so that clients do not come back together.
    private static readonly TimeSpan ShortestWatchTimeout = TimeSpan.FromMinutes(5);

    // A connection that has died in silence shows in a watch that outlives the time agreed.
    private static readonly TimeSpan WatchdogGrace = TimeSpan.FromSeconds(15);

    private readonly IKubernetesClient _client;
    private readonly string? _namespaceName;
    private readonly string? _labelSelector;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Func<double> _random;
    private readonly string _resource = EntityMetadata.For<T>().QualifiedName;
    private readonly ObjectStore<T> _store = new();
    private readonly List<Action<InformerEvent<T>>> _handlers = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _seenVersion = -1;
    private int _started;

    /// <param name="client">The cluster.</param>
    /// <param name="namespaceName">The only namespace to follow; null: all.</param>
    /// <param name="labelSelector">The only objects to follow; null: all.</param>
    /// <param name="timeProvider">The clock of waits; null: the system's.</param>
    /// <param name="logger">Where trouble is told.</param>
    public Informer(
        IKubernetesClient client, string? namespaceName, string? labelSelector, TimeProvider? timeProvider, ILogger logger)
        : this(client, namespaceName, labelSelector, timeProvider, logger, Random.Shared.NextDouble)
    {
    }

    internal Informer(
        IKubernetesClient client, string? namespaceName, string? labelSelector, TimeProvider? timeProvider, ILogger logger, Func<double> random)
    {
        _client = client;
        _namespaceName = namespaceName;
        _labelSelector = labelSelector;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger;
        _random = random;
    }

    /// <inheritdoc/>
    public bool HasSynced => _synced.Task.IsCompleted;

    string ISharedInformer.Resource => _resource;

    /// <inheritdoc cref="IInformer{T}.WaitForSyncAsync"/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

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
    public void AddHandler(Action<InformerEvent<T>> handler)
    {
        ThrowIfStarted();
        _handlers.Add(handler);
    }

    /// <inheritdoc cref="IInformer{T}.RunAsync"/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException($"the informer of {_resource} runs already");
        }

        var state = ReflectorState.Initial;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var delay = state.DelayBefore(_random());
                if (delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, _timeProvider, cancellationToken);
                }

                state = state.Phase == ReflectorPhase.List
                    ? await ListAsync(state, cancellationToken)
                    : await WatchAsync(state, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped(_resource);
        }
    }

    bool IVersionedCache.HasSeen(ulong resourceVersion)
    {
        var seen = Interlocked.Read(ref _seenVersion);
        return seen >= 0 && (ulong)seen >= resourceVersion;
    }

    private static bool IsBusyOrUnreachable(Exception error) => error switch
    {
        KubernetesException refusal => refusal.StatusCode == HttpStatusCode.TooManyRequests || (int)refusal.StatusCode >= 500,
        HttpRequestException or TimeoutException => true,
        // InvalidDataException is not an IOException: what came was no watch.
        IOException => true,
        _ => false,
    };

    private async Task<ReflectorState> ListAsync(ReflectorState state, CancellationToken cancellationToken)
    {
        KubernetesList<T> list;
        try
        {
            list = await _client.ListAsync<T>(_namespaceName, _labelSelector, cancellationToken: cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogListFailed(_resource, error.Message);
            return state.ListFailed();
        }

        var isInitial = !HasSynced;
        var changes = _store.Replace(list.Items, isInitial);
        RecordVersion(list.ResourceVersion);
        Dispatch(changes);
        _synced.TrySetResult();
        LogListed(_resource, list.Items.Count, list.ResourceVersion);
        return state.Listed(list.ResourceVersion);
    }

    private async Task<ReflectorState> WatchAsync(ReflectorState state, CancellationToken cancellationToken)
    {
        var start = _timeProvider.GetTimestamp();
        var timeout = ShortestWatchTimeout * (1 + _random());
        using var watchdog = new CancellationTokenSource(timeout + WatchdogGrace, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watchdog.Token, cancellationToken);
        var hadEvents = false;
        try
        {
            await foreach (var change in _client.WatchAsync<T>(
                _namespaceName, _labelSelector, fieldSelector: null, state.ResourceVersion, timeout, either.Token))
            {
                hadEvents = true;
                var version = change.Object.ResourceVersion() ?? "";
                var changes = Take(change);
                RecordVersion(version);
                Dispatch(changes);
                state = state.Progressed(version);
            }

            return state.WatchEnded(_timeProvider.GetElapsedTime(start), hadEvents);
        }
        catch (KubernetesException refusal) when (refusal.IsExpired)
        {
            LogExpired(_resource, state.ResourceVersion);
            return state.MustRelist();
        }
        catch (OperationCanceledException) when (watchdog.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogHung(_resource, timeout);
            return state.WatchBroke();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogWatchFailed(_resource, error.Message);
            return IsBusyOrUnreachable(error) ? state.WatchBroke() : state.MustRelist();
        }
    }

    private IReadOnlyList<InformerEvent<T>> Take(WatchEvent<T> change) => change.Type switch
    {
        WatchEventType.Added or WatchEventType.Modified => _store.Upsert(change.Object),
        WatchEventType.Deleted => _store.Remove(change.Object),
        _ => [],
    };

    private void RecordVersion(string resourceVersion)
    {
        if (ResourceVersions.Parse(resourceVersion) is { } version and <= long.MaxValue)
        {
            Interlocked.Exchange(ref _seenVersion, (long)version);
        }
    }

    private void Dispatch(IReadOnlyList<InformerEvent<T>> changes)
    {
        foreach (var change in changes)
        {
            foreach (var handler in _handlers)
            {
                try
                {
                    handler(change);
                }
                catch (Exception error)
                {
                    LogHandlerFailed(error, _resource, change.Object.Key());
                }
            }
        }
    }

    private void ThrowIfStarted()
    {
        if (Volatile.Read(ref _started) != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"the informer of {_resource} runs already: add handlers and indexes before"));
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Listed {Count} {Resource} at version {ResourceVersion}")]
    private partial void LogListed(string resource, int count, string resourceVersion);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listing {Resource} failed: {Reason}")]
    private partial void LogListFailed(string resource, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Watch of {Resource} expired at version {ResourceVersion}; listing again")]
    private partial void LogExpired(string resource, string resourceVersion);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {Resource} did not end after {Timeout}; opening it again")]
    private partial void LogHung(string resource, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Information, Message = "Watch of {Resource} broke: {Reason}")]
    private partial void LogWatchFailed(string resource, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler failed on {Resource} {Key}")]
    private partial void LogHandlerFailed(Exception error, string resource, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Informer of {Resource} stopped")]
    private partial void LogStopped(string resource);
}
