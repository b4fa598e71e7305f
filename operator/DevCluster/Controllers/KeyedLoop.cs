using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.DevCluster.Controllers;

/// <summary>Works on keys, each by one worker at a time, again with backoff when it fails.</summary>
/// <param name="name">Who works, for the log.</param>
/// <param name="reconcile">Brings one object in order; returns when to look again even if nothing changes.</param>
internal sealed partial class KeyedLoop(
    string name, Func<ObjectKey, CancellationToken, Task<DateTimeOffset?>> reconcile, TimeProvider time, ILogger logger) : IDisposable
{
    private const int Workers = 4;

    private readonly WorkQueue<ObjectKey> _queue = new(time);

    public void Add(ObjectKey key) => _queue.Add(key);

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(cancellationToken)));
        _queue.ShutDown();
    }

    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                (var hasKey, key) = await _queue.TakeAsync(cancellationToken);
                if (!hasKey)
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WorkOnAsync(key, cancellationToken);
            _queue.Done(key);
        }
    }

    private async Task WorkOnAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var lookAgainAt = await reconcile(key, cancellationToken);
            _queue.Forget(key);
            if (lookAgainAt is { } at)
            {
                _queue.AddAfter(key, at - time.GetUtcNow());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: whoever comes next starts from what the API says.
        }
        catch (KubernetesException e) when (e.IsConflict || e.IsNotFound || e.IsAlreadyExists)
        {
            LogStale(name, key, e.Message);
            _queue.AddRateLimited(key);
        }
        catch (Exception e)
        {
            LogFailed(name, key, e.Message);
            _queue.AddRateLimited(key);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Controller} {Key}: the view was stale, trying again: {Error}")]
    private partial void LogStale(string controller, ObjectKey key, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} {Key}: trying again: {Error}")]
    private partial void LogFailed(string controller, ObjectKey key, string error);
}
