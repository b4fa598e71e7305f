using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Failover;

/// <summary>
/// What a rollout needs beside the operator, without the cost of 400 servers: pods that are ready as soon as a Deployment asks for
/// them, a router that serves every route as it is written, and a Prometheus whose every query gives 0.
/// </summary>
internal sealed class PretendWorld : IAsyncDisposable
{
    private const int PrometheusPort = 9090;
    private static readonly string Digest = new('a', 64);

    private readonly KubernetesClient _client;
    private readonly string _address;
    private readonly IInformer<V1Alpha1ModelRoute> _routes;
    private readonly Channel<V1Deployment> _deployments = Channel.CreateUnbounded<V1Deployment>();
    private readonly Dictionary<string, int> _pods = [];
    private readonly WebApplication _app;
    private Task _kubelet = Task.CompletedTask;

    /// <param name="client">The cluster.</param>
    /// <param name="informers">Are run by the caller, after this.</param>
    /// <param name="address">A loopback address that nobody else uses.</param>
    public PretendWorld(KubernetesClient client, SharedInformers informers, string address)
    {
        _client = client;
        _address = address;
        _routes = informers.Get<V1Alpha1ModelRoute>();
        informers.Get<V1Deployment>().AddHandler(change => _deployments.Writer.TryWrite(change.Object));
        _app = BuildServers();
    }

    public Uri Prometheus => new($"http://{_address}:{PrometheusPort}/");

    public async Task StartAsync()
    {
        await _app.StartAsync();
        await CreateReadyAsync(new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "router-0",
                NamespaceProperty = Installation.SystemNamespace,
                Labels = new Dictionary<string, string> { [LabelNames.AppComponent] = "router", [LabelNames.AppPartOf] = ApiGroup.FieldManager },
            },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "router", Image = "router" }] },
        });
        _kubelet = Task.Run(RunPodsAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _deployments.Writer.Complete();
        await _kubelet;
        await _app.DisposeAsync();
    }

    private WebApplication BuildServers()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{_address}:{Ports.RouterHealth}", $"http://{_address}:{PrometheusPort}");
        var app = builder.Build();
        app.MapGet("/routes/{namespace}/{name}", (string @namespace, string name) =>
            _routes.Get(name, @namespace) is { } route ? Results.Json(new { generation = route.Metadata.Generation }) : Results.NotFound());
        app.MapPost("/api/v1/query", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var value = new JsonArray(double.Parse(form["time"].ToString()), "0");
            var series = new JsonObject { ["metric"] = new JsonObject(), ["value"] = value };
            return Results.Json(new JsonObject
            {
                ["status"] = "success",
                ["data"] = new JsonObject { ["resultType"] = "vector", ["result"] = new JsonArray(series) },
            });
        });
        return app;
    }

    private async Task RunPodsAsync()
    {
        await foreach (var deployment in _deployments.Reader.ReadAllAsync())
        {
            var there = _pods.GetValueOrDefault(deployment.Name());
            var wanted = deployment.Spec?.Replicas ?? 1;
            for (; there < wanted; there++)
            {
                await CreateReadyAsync(new V1Pod
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = $"{deployment.Name()}-{there}",
                        NamespaceProperty = deployment.Namespace(),
                        Labels = deployment.Spec!.Template!.Metadata!.Labels,
                    },
                    Spec = deployment.Spec.Template.Spec!,
                });
            }

            for (; there > wanted; there--)
            {
                await _client.DeleteAsync<V1Pod>($"{deployment.Name()}-{there - 1}", deployment.Namespace(), new DeleteOptions { GracePeriodSeconds = 0 });
            }

            _pods[deployment.Name()] = there;
        }
    }

    private async Task CreateReadyAsync(V1Pod pod)
    {
        await _client.CreateAsync(pod);
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = _address,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
            ["initContainerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "fetch",
                ["ready"] = true,
                ["restartCount"] = 0,
                ["image"] = "",
                ["imageID"] = "",
                ["state"] = new JsonObject
                {
                    ["terminated"] = new JsonObject { ["exitCode"] = 0, ["message"] = $$"""{"sha256":"{{Digest}}","bytes":3}""" },
                },
            }),
        };
        await _client.PatchAsync<V1Pod>(pod.Name(), pod.Namespace(), PatchType.MergePatch, new JsonObject { ["status"] = status }, subresource: "status");
    }
}
