using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.TestSupport.Pretend;

/// <summary>
/// What a rollout needs beside the operator, without the cost of a thousand servers: pods that are ready as soon as a Deployment asks
/// for them, a router that serves every route as it is written, and a Prometheus.
/// </summary>
public sealed class PretendWorld : IAsyncDisposable
{
    private const int PrometheusPort = 9090;

    private readonly string _address;
    private readonly IInformer<V1Alpha1ModelRoute> _routes;
    private readonly IPretendPrometheus _prometheus;
    private readonly PretendPods _pods;
    private readonly WebApplication _app;

    /// <param name="client">The cluster.</param>
    /// <param name="informers">Are run by the caller, after this.</param>
    /// <param name="address">A loopback address that nobody else uses.</param>
    /// <param name="prometheus">What queries give.</param>
    public PretendWorld(KubernetesClient client, SharedInformers informers, string address, IPretendPrometheus prometheus)
    {
        (_address, _prometheus) = (address, prometheus);
        _routes = informers.Get<V1Alpha1ModelRoute>();
        _pods = new PretendPods(client, informers, address);
        _app = BuildServers();
    }

    public Uri Prometheus => new($"http://{_address}:{PrometheusPort}/");

    public async Task StartAsync()
    {
        await _app.StartAsync();
        await _pods.CreateRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _pods.DisposeAsync();
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
        app.MapPost("/api/v1/query", async context =>
        {
            var form = await context.Request.ReadFormAsync();
            context.Response.ContentType = "application/json";
            await _prometheus.AnswerAsync(form["query"].ToString(), double.Parse(form["time"].ToString(), CultureInfo.InvariantCulture), context.Response.Body);
        });
        return app;
    }
}
