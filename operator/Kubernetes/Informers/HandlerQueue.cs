using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>The events that a handler has yet to be called for; without a bound, so that the stream never waits for a handler.</summary>
internal sealed partial class HandlerQueue<T>(Action<InformerEvent<T>> handler, string resource, ILogger logger) : IHandlerRegistration
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Channel<Delivery> _waiting = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public void Add(in InformerEvent<T> change) => _waiting.Writer.TryWrite(new Delivery(change, EndsInitialList: false));

    /// <summary>What was added until now is the first list.</summary>
    public void EndInitialList() => _waiting.Writer.TryWrite(new Delivery(default, EndsInitialList: true));

    /// <summary>Calls the handler until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            while (!cancellationToken.IsCancellationRequested && _waiting.Reader.TryRead(out var delivery))
            {
                if (delivery.EndsInitialList)
                {
                    _synced.TrySetResult();
                }
                else
                {
                    Call(delivery.Change);
                }
            }
        }
    }

    private void Call(in InformerEvent<T> change)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler failed on {Resource} {Key}")]
    private partial void LogHandlerFailed(Exception error, string resource, ObjectKey key);

    private readonly record struct Delivery(InformerEvent<T> Change, bool EndsInitialList);
}
