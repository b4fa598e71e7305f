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

    private readonly IKubernetesClient client;
    private readonly string? namespaceName;
    private readonly string? labelSelector;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly Func<double> random;
    private readonly string resource = EntityMetadata.For<T>().QualifiedName;
    private readonly ObjectStore<T> store = new();
    private readonly List<Action<InformerEvent<T>>> handlers = [];
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long seenVersion = -1;
    private int started;

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
        this.client = client;
        this.namespaceName = namespaceName;
        this.labelSelector = labelSelector;
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger;
        this.random = random;
    }

    /// <inheritdoc/>
    public bool HasSynced => synced.Task.IsCompleted;

    string ISharedInformer.Resource => resource;

    /// <inheritdoc cref="IInformer{T}.WaitForSyncAsync"/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => synced.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public T? Get(string name, string? namespaceName = null) => store.Get(new ObjectKey(namespaceName ?? "", name));

    /// <inheritdoc/>
    public IReadOnlyList<T> List(string? namespaceName = null) => store.List(namespaceName);

    /// <inheritdoc/>
    public IReadOnlyList<T> ByIndex(string indexName, string value) => store.ByIndex(indexName, value);

    /// <inheritdoc/>
    public void AddIndex(string indexName, Func<T, IEnumerable<string>> valuesOf)
    {
        ThrowIfStarted();
        store.AddIndex(indexName, valuesOf);
    }

    /// <inheritdoc/>
    public void AddHandler(Action<InformerEvent<T>> handler)
    {
        ThrowIfStarted();
        handlers.Add(handler);
    }

    /// <inheritdoc cref="IInformer{T}.RunAsync"/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new InvalidOperationException($"the informer of {resource} runs already");
        }

        var state = ReflectorState.Initial;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var delay = state.DelayBefore(random());
                if (delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, timeProvider, cancellationToken);
                }

                state = state.Phase == ReflectorPhase.List
                    ? await ListAsync(state, cancellationToken)
                    : await WatchAsync(state, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped(resource);
        }
    }

    bool IVersionedCache.HasSeen(ulong resourceVersion)
    {
        var seen = Interlocked.Read(ref seenVersion);
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
            list = await client.ListAsync<T>(namespaceName, labelSelector, fieldSelector: null, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogListFailed(resource, error.Message);
            return state.ListFailed();
        }

        var isInitial = !HasSynced;
        var changes = store.Replace(list.Items, isInitial);
        RecordVersion(list.ResourceVersion);
        Dispatch(changes);
        synced.TrySetResult();
        LogListed(resource, list.Items.Count, list.ResourceVersion);
        return state.Listed(list.ResourceVersion);
    }

    private async Task<ReflectorState> WatchAsync(ReflectorState state, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var timeout = ShortestWatchTimeout * (1 + random());
        using var watchdog = new CancellationTokenSource(timeout + WatchdogGrace, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watchdog.Token, cancellationToken);
        var hadEvents = false;
        try
        {
            await foreach (var change in client.WatchAsync<T>(
                namespaceName, labelSelector, fieldSelector: null, state.ResourceVersion, timeout, either.Token))
            {
                hadEvents = true;
                var version = change.Object.ResourceVersion() ?? "";
                var changes = Take(change);
                RecordVersion(version);
                Dispatch(changes);
                state = state.Progressed(version);
            }

            return state.WatchEnded(timeProvider.GetElapsedTime(start), hadEvents);
        }
        catch (KubernetesException refusal) when (refusal.IsExpired)
        {
            LogExpired(resource, state.ResourceVersion);
            return state.MustRelist();
        }
        catch (OperationCanceledException) when (watchdog.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogHung(resource, timeout);
            return state.WatchBroke();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogWatchFailed(resource, error.Message);
            return IsBusyOrUnreachable(error) ? state.WatchBroke() : state.MustRelist();
        }
    }

    private IReadOnlyList<InformerEvent<T>> Take(WatchEvent<T> change) => change.Type switch
    {
        WatchEventType.Added or WatchEventType.Modified => store.Upsert(change.Object),
        WatchEventType.Deleted => store.Remove(change.Object),
        _ => [],
    };

    private void RecordVersion(string resourceVersion)
    {
        if (ResourceVersions.Parse(resourceVersion) is { } version and <= long.MaxValue)
        {
            Interlocked.Exchange(ref seenVersion, (long)version);
        }
    }

    private void Dispatch(IReadOnlyList<InformerEvent<T>> changes)
    {
        foreach (var change in changes)
        {
            foreach (var handler in handlers)
            {
                try
                {
                    handler(change);
                }
                catch (Exception error)
                {
                    LogHandlerFailed(error, resource, change.Object.Key());
                }
            }
        }
    }

    private void ThrowIfStarted()
    {
        if (Volatile.Read(ref started) != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"the informer of {resource} runs already: add handlers and indexes before"));
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
