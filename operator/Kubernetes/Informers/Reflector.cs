using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>Does what <see cref="ReflectorState"/> says next, and passes on what comes of it.</summary>
internal sealed partial class Reflector<T>(
    IKubernetesClient client,
    InformerOptions options,
    IReflectorSink<T> sink,
    string resource,
    TimeProvider timeProvider,
    Func<double> random,
    InformerMetrics? metrics,
    ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;

    // Objects that nobody can use are told of one by one up to here; then they are only counted.
    private const int MostInvalidTold = 100;

    // The server ends a watch at the time agreed; one that goes on is a connection that has died in silence.
    private static readonly TimeSpan WatchdogGrace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StreamLateAfter = TimeSpan.FromSeconds(10);

    private readonly HashSet<(string Reason, ObjectKey? Key)> _invalidTold = [];
    private readonly HashSet<ObjectKey> _unreadable = [];
    private string? _troubleTold;

    /// <summary>Lists and watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var state = ReflectorState.Initial(options.StreamsInitialObjects);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var delay = state.DelayBefore(random());
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, timeProvider, cancellationToken);
                state = state.Waited();
            }

            state = state.Phase == ReflectorPhase.List
                ? await ListAsync(state, cancellationToken)
                : await FollowAsync(state, cancellationToken);
        }
    }

    private async Task<ReflectorState> ListAsync(ReflectorState state, CancellationToken cancellationToken)
    {
        _unreadable.Clear();
        try
        {
            var version = state.ListVersion;
            var list = await client.ListAsync<T>(
                new ListOptions
                {
                    NamespaceName = options.NamespaceName,
                    LabelSelector = options.LabelSelector,
                    FieldSelector = options.FieldSelector,
                    ResourceVersion = version,
                    // Pages bypass the watch cache of a server, which answers at a version of its own choice or at a given one.
                    PageSize = version is "" or "0" ? PageSize : null,
                    OnInvalid = Report,
                },
                cancellationToken);
            return TakeAll(state, list.Items, list.ResourceVersion);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (ReflectorErrors.RefusesVersion(error))
            {
                LogVersionRefused(resource, state.ResourceVersion, error.Message);
                return state.VersionRefused(Now());
            }

            if (options.IsOptional && error is KubernetesException refusal && ReflectorErrors.IsRefused(error))
            {
                return Refused(state, refusal);
            }

            Tell("listing", error);
            return state.TakeAllFailed(Now());
        }
    }

    private async Task<ReflectorState> FollowAsync(ReflectorState state, CancellationToken cancellationToken)
    {
        var start = Now();
        var timeout = options.WatchTimeout * (1 + random());
        var hadEvents = false;
        var initial = state.Phase == ReflectorPhase.Stream ? new InitialObjects<T>() : null;
        using var watchdog = new CancellationTokenSource(timeout + WatchdogGrace, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watchdog.Token, cancellationToken);
        await using var late = initial is null ? null : timeProvider.CreateTimer(_ => LogStreamLate(resource), null, StreamLateAfter, Timeout.InfiniteTimeSpan);
        metrics?.WatchOpened(resource);
        try
        {
            _unreadable.Clear();
            await foreach (var change in client.WatchAsync<T>(WatchFrom(state, timeout), either.Token))
            {
                hadEvents = true;
                if (initial is null)
                {
                    sink.Apply(change);
                    state = state.Progressed(change.Object.ResourceVersion());
                }
                else if (change.EndsInitialEvents)
                {
                    late?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    state = TakeAll(state, initial.All, change.Object.ResourceVersion() ?? "");
                    initial = null;
                }
                else
                {
                    initial.Take(change);
                }
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (watchdog.IsCancellationRequested)
            {
                LogHung(resource, timeout);
            }
            else if (initial is not null)
            {
                return AfterStreamError(state, error);
            }
            else if (error is not IOException)
            {
                return AfterWatchError(state, error);
            }
            else
            {
                LogWatchBroke(resource, error.Message);
            }
        }

        var now = Now();
        return initial is null ? state.WatchEnded(now, now - start, hadEvents) : state.TakeAllFailed(now);
    }

    private WatchOptions WatchFrom(ReflectorState state, TimeSpan timeout) => new()
    {
        NamespaceName = options.NamespaceName,
        LabelSelector = options.LabelSelector,
        FieldSelector = options.FieldSelector,
        ResourceVersion = state.Phase == ReflectorPhase.Stream ? state.StreamVersion : state.ResourceVersion,
        Timeout = timeout,
        SendInitialEvents = state.Phase == ReflectorPhase.Stream,
        OnInvalid = Report,
    };

    private ReflectorState AfterStreamError(ReflectorState state, Exception error)
    {
        if (ReflectorErrors.RefusesVersion(error))
        {
            LogVersionRefused(resource, state.ResourceVersion, error.Message);
            return state.VersionRefused(Now());
        }

        if (ReflectorErrors.RefusesStream(error))
        {
            LogStreamRefused(resource, error.Message);
            return state.StreamRefused();
        }

        if (options.IsOptional && error is KubernetesException refusal && ReflectorErrors.IsRefused(error))
        {
            return Refused(state, refusal);
        }

        Tell("streaming", error);
        return ReflectorErrors.IsBusyOrUnreachable(error) ? state.Unreachable(Now()) : state.TakeAllFailed(Now());
    }

    private ReflectorState AfterWatchError(ReflectorState state, Exception error)
    {
        if (ReflectorErrors.RefusesVersion(error))
        {
            LogExpired(resource, state.ResourceVersion);
            return state.MustTakeAll(Now());
        }

        Tell("watching", error);
        return ReflectorErrors.IsBusyOrUnreachable(error) ? state.Unreachable(Now()) : state.MustTakeAll(Now());
    }

    private ReflectorState TakeAll(ReflectorState state, IReadOnlyList<T> entities, string resourceVersion)
    {
        sink.Replace(entities, _unreadable, resourceVersion);
        metrics?.TookAll(resource);
        LogTookAll(resource, entities.Count, resourceVersion);
        _troubleTold = null;
        return state.TookAll(resourceVersion);
    }

    private ReflectorState Refused(ReflectorState state, KubernetesException refusal)
    {
        sink.Refuse(refusal);
        if (_troubleTold != refusal.Message)
        {
            _troubleTold = refusal.Message;
            LogRefused(resource, refusal.Message);
        }

        return state.Refused();
    }

    private TimeSpan Now() => timeProvider.GetElapsedTime(0);

    private void Report(InvalidObject invalid)
    {
        metrics?.Invalid(resource, invalid.Reason);
        if (invalid.Key is { } key)
        {
            _unreadable.Add(key);
        }

        if (_invalidTold.Count < MostInvalidTold && _invalidTold.Add((invalid.Reason, invalid.Key)))
        {
            LogInvalid(resource, invalid.Key, invalid.Detail);
        }
    }

    // The same trouble again and again is told once, until all is well.
    private void Tell(string activity, Exception error)
    {
        if (ReflectorErrors.IsGarbage(error))
        {
            metrics?.Invalid(resource, "answer");
        }

        if (_troubleTold != error.Message)
        {
            _troubleTold = error.Message;
            LogTrouble(activity, resource, error.Message);
        }
        else
        {
            LogTroubleAgain(activity, resource, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Took in {Count} {Resource} at version {ResourceVersion}")]
    private partial void LogTookAll(string resource, int count, string resourceVersion);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Trouble {Activity} {Resource}; trying again with backoff: {Reason}")]
    private partial void LogTrouble(string activity, string resource, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Still trouble {Activity} {Resource}: {Reason}")]
    private partial void LogTroubleAgain(string activity, string resource, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Resource} cannot be followed for now; asking again at times: {Reason}")]
    private partial void LogRefused(string resource, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Watch of {Resource} expired at version {ResourceVersion}; taking in all objects again")]
    private partial void LogExpired(string resource, string resourceVersion);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Resource} cannot be had at version {ResourceVersion}, asking for the newest: {Reason}")]
    private partial void LogVersionRefused(string resource, string resourceVersion, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server does not stream {Resource} as they are; listing them: {Reason}")]
    private partial void LogStreamRefused(string resource, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream of {Resource} as they are has not come to its end after 10 s")]
    private partial void LogStreamLate(string resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {Resource} did not end after {Timeout}; opening it again")]
    private partial void LogHung(string resource, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Watch of {Resource} broke: {Reason}")]
    private partial void LogWatchBroke(string resource, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An object of {Resource} cannot be used and is left out ({Key}): {Detail}")]
    private partial void LogInvalid(string resource, ObjectKey? key, string detail);
}
