using System.Threading.Channels;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Events;

/// <summary>Writes events behind the back of whoever reports them; when the API is slow, the oldest are dropped.</summary>
internal sealed partial class QueuedNodeEvents(IEventPublisher publisher, ILogger<QueuedNodeEvents> logger) : INodeEvents
{
    private const int Capacity = 1000;

    private readonly Channel<(V1Pod Pod, EventType Type, string Reason, string Message, string Occurrence)> _queue =
        Channel.CreateBounded<(V1Pod, EventType, string, string, string)>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Report(V1Pod pod, EventType type, string reason, string message, string occurrence) =>
        _queue.Writer.TryWrite((pod, type, reason, message, occurrence));

    /// <summary>Writes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (pod, type, reason, message, occurrence) in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await publisher.PublishAsync(pod, type, reason, message, occurrence, cancellationToken);
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException)
            {
                LogLost(reason, pod.Metadata.Name ?? "", e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "event {Reason} of pod {Pod} was not written: {Error}")]
    private partial void LogLost(string reason, string pod, string error);
}
