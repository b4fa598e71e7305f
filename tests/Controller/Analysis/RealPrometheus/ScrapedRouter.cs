using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.Analysis.RealPrometheus;

/// <summary>What Prometheus scrapes: the router's counters of several pods, at whatever values a test sets.</summary>
internal sealed class ScrapedRouter : IAsyncDisposable
{
    public const string Namespace = "ml";
    public const string Deployment = "digits";

    private readonly ConcurrentDictionary<string, double> _series = new();
    private readonly WebApplication _app;

    private ScrapedRouter(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScrapedRouter> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var router = new ScrapedRouter(builder.Build());
        router._app.Run(context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4";
            return context.Response.WriteAsync(router.Exposition());
        });
        await router._app.StartAsync();
        return router;
    }

    public void SetRequests(string revision, string pod, string outcome, double value) =>
        _series[PromQl.Selector(RouterCounters.Requests, [.. Labels(revision, pod), ("outcome", outcome)])] = value;

    public void SetBucket(string revision, string pod, string le, double value) =>
        _series[PromQl.Selector(RouterCounters.DurationBuckets, [.. Labels(revision, pod), ("le", le)])] = value;

    /// <summary>Counts as a model server does: the namespace and the pod are Prometheus' labels, and a deployment there is none.</summary>
    public void SetInferences(string revision, string pod, string outcome, double value) =>
        _series[PromQl.Selector("modelserver_inference_total", ("namespace", Namespace), ("revision", revision), ("pod", pod), ("outcome", outcome))] = value;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static (string, string)[] Labels(string revision, string pod) =>
        [("namespace", Namespace), ("deployment", Deployment), ("revision", revision), ("pod", pod)];

    private string Exposition() => _series
        .OrderBy(s => s.Key, StringComparer.Ordinal)
        .Aggregate(new StringBuilder(), (text, s) => text.Append(s.Key).Append(' ').Append(s.Value.ToString(CultureInfo.InvariantCulture)).Append('\n'))
        .ToString();
}
