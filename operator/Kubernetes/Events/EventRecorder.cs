using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Events;

/// <summary>
/// The recorder of client-go: a queue of 1,000 that is left out when full, one writer behind it, twelve attempts for each event
/// while the API cannot be reached. Start it once; stop it to have what is queued written.
/// </summary>
public sealed partial class EventRecorder : IEventRecorder, IDisposable
{
    internal const int QueueLength = 1000;
    internal const int Attempts = 12;
    internal static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    private readonly IKubernetesClient _client;
    private readonly string _component;
    private readonly EventMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly EventCorrelator _correlator = new();
    private readonly Channel<EventOccurrence> _queue;
    private readonly CancellationTokenSource _abandon = new();
    private Task _writing = Task.CompletedTask;

    /// <param name="client">The cluster.</param>
    /// <param name="component">Who reports, for example <c>modeloperator</c>.</param>
    /// <param name="metrics">Where what is left out is counted.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where refused events are told.</param>
    public EventRecorder(IKubernetesClient client, string component, EventMetrics metrics, TimeProvider timeProvider, ILogger<EventRecorder> logger)
    {
        _client = client;
        _component = component;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        // TryWrite of a full channel with Wait answers false instead of waiting: that is what counts the loss.
        _queue = Channel.CreateBounded<EventOccurrence>(
            new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <inheritdoc/>
    public void Record(IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message)
    {
        var occurrence = new EventOccurrence(about.CreateObjectReference(), type, reason, message, _timeProvider.GetUtcNow().UtcDateTime);
        if (!_queue.Writer.TryWrite(occurrence))
        {
            _metrics.Dropped("queue_full");
        }
    }

    /// <summary>Begins to write.</summary>
    public void Start() => _writing = Task.Run(WriteAllAsync);

    /// <summary>Writes what is queued and ends; when cancelled, it ends at once and the rest is lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await using (cancellationToken.Register(_abandon.Cancel))
        {
            await _writing;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _abandon.Dispose();

    private async Task WriteAllAsync()
    {
        await foreach (var occurrence in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            var decision = _correlator.Observe(occurrence);
            if (decision.IsSpam)
            {
                _metrics.Dropped("spam");
            }
            else if (_abandon.IsCancellationRequested || !await WriteAsync(occurrence, decision))
            {
                _metrics.Dropped("failed");
            }
        }
    }

    private async Task<bool> WriteAsync(EventOccurrence occurrence, EventDecision decision)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendAsync(occurrence, decision);
                return true;
            }
            catch (Exception error) when (!MayPass(error) || attempt == Attempts || _abandon.IsCancellationRequested)
            {
                LogNotWritten(error, occurrence.Reason, occurrence.About.Kind, occurrence.About.NamespaceProperty, occurrence.About.Name, attempt);
                return false;
            }
            catch (Exception)
            {
                // The first pause is random, so that all that lost the same API server do not come back together.
                var pause = attempt == 1 ? RetryPause * Random.Shared.NextDouble() : RetryPause;
                await Task.Delay(pause, _timeProvider, _abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(EventOccurrence occurrence, EventDecision decision)
    {
        if (decision.ExistingName is { } name)
        {
            try
            {
                await CountUpAsync(name, occurrence, decision);
                return;
            }
            catch (KubernetesException refusal) when (refusal.IsNotFound)
            {
                // Events live for an hour: tell it anew.
                decision = decision with { Count = 1 };
            }
        }

        var created = EventFactory.Create(
            EventFactory.Name(occurrence.About.Name ?? "", $"{occurrence.At.Ticks:x}{decision.Key.GetHashCode():x8}"),
            occurrence.About, occurrence.Type, occurrence.Reason, decision.Message, _component, occurrence.At);
        created.Count = decision.Count;
        try
        {
            await _client.CreateAsync(created, _component, _abandon.Token);
        }
        catch (KubernetesException refusal) when (refusal.IsAlreadyExists)
        {
            // An attempt whose answer was lost.
        }

        _correlator.Written(decision, created.Name());
    }

    private async Task CountUpAsync(string name, EventOccurrence occurrence, EventDecision decision)
    {
        var patch = new JsonObject
        {
            ["count"] = decision.Count,
            ["message"] = EventFactory.Message(decision.Message),
            ["lastTimestamp"] = System.Text.Json.JsonSerializer.SerializeToNode(EventFactory.Timestamp(occurrence.At), KubernetesJson.Options),
        };
        await _client.PatchAsync<Corev1Event>(
            name, occurrence.About.NamespaceProperty ?? "default", PatchType.MergePatch, patch, fieldManager: _component, cancellationToken: _abandon.Token);
    }

    // What the server refuses, it would refuse again.
    private static bool MayPass(Exception error) =>
        error is not KubernetesException { StatusCode: < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event {Reason} about {Kind} {Namespace}/{Name} was not written (attempts: {Attempts})")]
    private partial void LogNotWritten(Exception error, string reason, string? kind, string? @namespace, string? name, int attempts);
}
