using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers.EndpointSlices;

/// <summary>Keeps the EndpointSlices of every Service with a selector.</summary>
internal sealed class EndpointSliceController : IClusterController
{
    private const string SlicesByService = "service";

    private readonly IKubernetesClient _client;
    private readonly IInformer<V1Service> _services;
    private readonly IInformer<V1Pod> _pods;
    private readonly IInformer<V1EndpointSlice> _slices;
    private readonly KeyedLoop _loop;

    public EndpointSliceController(
        IKubernetesClient client, SharedInformers informers, TimeProvider time, ILogger<EndpointSliceController> logger)
    {
        _client = client;
        _services = informers.Get<V1Service>();
        _pods = informers.Get<V1Pod>();
        _slices = informers.Get<V1EndpointSlice>();
        _loop = new KeyedLoop("endpointslice", ReconcileAsync, time, logger);
        _slices.AddIndex(SlicesByService, slice => KeyOf(slice) is { } key ? [key.ToString()] : []);
        _services.AddHandler(change => _loop.Add(change.Object.Key()));
        _slices.AddHandler(change =>
        {
            if (KeyOf(change.Object) is { } key)
            {
                _loop.Add(key);
            }
        });
        _pods.AddHandler(change =>
        {
            AddServicesOf(change.Object);
            if (change.Previous is { } before)
            {
                AddServicesOf(before);
            }
        });
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private static ObjectKey? KeyOf(V1EndpointSlice slice) =>
        slice.GetLabel(EndpointSlicePlanner.ManagedByLabel) == EndpointSlicePlanner.Manager
        && slice.GetLabel(EndpointSlicePlanner.ServiceNameLabel) is { } service
            ? new ObjectKey(slice.Metadata.NamespaceProperty ?? "", service)
            : null;

    private void AddServicesOf(V1Pod pod)
    {
        foreach (var service in _services.List(pod.Metadata.NamespaceProperty))
        {
            if (service.Spec?.Selector is { Count: > 0 } selector && Selectors.Matches(selector, pod.Metadata.Labels))
            {
                _loop.Add(service.Key());
            }
        }
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_services.Get(key.Name, key.Namespace) is not { } service)
        {
            // Its slices are the garbage collector's.
            return null;
        }

        var wanted = EndpointSlicePlanner.Plan(service, _pods.List(key.Namespace)).ToDictionary(s => s.Name());
        var present = _slices.ByIndex(SlicesByService, key.ToString()).ToDictionary(s => s.Name());
        foreach (var (name, slice) in wanted)
        {
            if (!present.TryGetValue(name, out var before))
            {
                await _client.CreateAsync(slice, "kube-controller-manager", cancellationToken);
            }
            else if (!SaysTheSame(before, slice))
            {
                slice.Metadata.ResourceVersion = before.ResourceVersion();
                await _client.UpdateAsync(slice, "kube-controller-manager", cancellationToken);
            }
        }

        // Removed last: at no moment is a ready pod in no slice.
        foreach (var name in present.Keys.Except(wanted.Keys))
        {
            await _client.DeleteAsync<V1EndpointSlice>(name, key.Namespace, cancellationToken: cancellationToken);
        }

        return null;
    }

    private static bool SaysTheSame(V1EndpointSlice before, V1EndpointSlice now) =>
        JsonNode.DeepEquals(Content(before), Content(now))
        && now.Metadata.Labels!.All(l => before.GetLabel(l.Key) == l.Value);

    private static JsonNode? Content(V1EndpointSlice slice) =>
        JsonSerializer.SerializeToNode(new { slice.Endpoints, Ports = slice.Ports ?? [] }, KubernetesJson.Options);
}
