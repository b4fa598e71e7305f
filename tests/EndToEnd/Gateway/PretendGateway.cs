using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Gateway;

/// <summary>
/// The controller of a GatewayClass, without a data plane: it tells in each HTTPRoute's status what it makes of it, and keeps every
/// version that was ever written.
/// </summary>
internal sealed class PretendGateway : IAsyncDisposable
{
    public const string ControllerName = "example.com/pretend-gateway";

    private readonly KubernetesClient _client;
    private readonly IInformer<LiveHttpRoute> _routes;
    private readonly Channel<LiveHttpRoute> _changes = Channel.CreateUnbounded<LiveHttpRoute>();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _history = new();
    private readonly ConcurrentDictionary<string, GatewayMood> _moods = new();
    private Task _work = Task.CompletedTask;

    /// <param name="client">The cluster.</param>
    /// <param name="informers">Are run by the caller, after this.</param>
    public PretendGateway(KubernetesClient client, SharedInformers informers)
    {
        _client = client;
        _routes = informers.Get<LiveHttpRoute>(new InformerOptions { IsOptional = true });
        _routes.AddHandler(change =>
        {
            if (change.Type != WatchEventType.Deleted)
            {
                _changes.Writer.TryWrite(change.Object);
            }
        });
    }

    public void Start() => _work = Task.Run(WorkAsync);

    /// <summary>The route of a ModelDeployment; null when there is none.</summary>
    public LiveHttpRoute? Route(string name) => _routes.Get(name, "default");

    /// <summary>What the route said, as it came, without repetition.</summary>
    public IReadOnlyList<string> HistoryOf(string name) => [.. _history.GetValueOrDefault(name, [])];

    /// <summary>Makes it treat a route in another way, from now on and also as it is.</summary>
    public void Treat(string name, GatewayMood mood)
    {
        _moods[name] = mood;
        if (Route(name) is { } route)
        {
            _changes.Writer.TryWrite(route);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.Complete();
        await _work;
    }

    private async Task WorkAsync()
    {
        await foreach (var route in _changes.Reader.ReadAllAsync())
        {
            var history = _history.GetOrAdd(route.Name(), _ => []);
            if (history.LastOrDefault() != route.Describe())
            {
                history.Enqueue(route.Describe());
            }

            if (Answer(route, _moods.GetValueOrDefault(route.Name())) is { } parents && !JsonNode.DeepEquals(parents, route.Status?["parents"]))
            {
                await AnswerAsync(route, parents);
            }
        }
    }

    private async Task AnswerAsync(LiveHttpRoute route, JsonArray parents)
    {
        try
        {
            var patch = new JsonObject { ["status"] = new JsonObject { ["parents"] = parents.DeepClone() } };
            await _client.PatchAsync<LiveHttpRoute>(route.Name(), route.Namespace(), PatchType.MergePatch, patch, "status", "pretend-gateway");
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            // It was deleted in the meantime.
            await TestContext.Progress.WriteLineAsync($"{route.Name()} is gone");
        }
    }

    private static JsonArray? Answer(LiveHttpRoute route, GatewayMood mood)
    {
        var generation = route.Metadata.Generation ?? 0;
        return mood switch
        {
            GatewayMood.Silent => null,
            GatewayMood.Stuck => Answer(route, generation - 1, accepted: true),
            GatewayMood.Refusing => Answer(route, generation, accepted: false),
            _ => Answer(route, generation, accepted: true),
        };
    }

    private static JsonArray Answer(LiveHttpRoute route, long generation, bool accepted) => new(new JsonObject
    {
        ["parentRef"] = route.Spec!["parentRefs"]![0]!.DeepClone(),
        ["controllerName"] = ControllerName,
        ["conditions"] = new JsonArray(
            Condition("Accepted", accepted, accepted ? "Accepted" : "NotAllowedByListeners", generation),
            Condition("ResolvedRefs", true, "ResolvedRefs", generation)),
    });

    private static JsonObject Condition(string type, bool status, string reason, long generation) => new()
    {
        ["type"] = type,
        ["status"] = status ? "True" : "False",
        ["reason"] = reason,
        ["message"] = status ? "" : "no listener allows routes of namespace default",
        ["observedGeneration"] = generation,
        ["lastTransitionTime"] = "2026-01-02T03:04:05Z",
    };
}
