using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ModelOperator.Cli.Hosting;

namespace ModelOperator.Cli.Tests.Harness;

/// <summary>An API server that answers what a test wants, for what a dev cluster does not do: to refuse, to be old, to have logs.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private const string Installed = """{"kind":"APIGroup","apiVersion":"v1","name":"modeloperator.io","versions":[{"groupVersion":"modeloperator.io/v1alpha1","version":"v1alpha1"}]}""";

    private readonly WebApplication _app;
    private readonly string _kubeconfig;

    private FakeApi(WebApplication app, string kubeconfig)
    {
        _app = app;
        _kubeconfig = kubeconfig;
    }

    public string Address => _app.Urls.First();

    /// <summary>Starts one.</summary>
    /// <param name="answer">Status and body for a path with its query; null: 404.</param>
    public static async Task<FakeApi> StartAsync(Func<string, (int Status, string Body)?> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(async context =>
        {
            var path = context.Request.Path.Value + context.Request.QueryString.Value;
            var (status, body) = answer(path) ?? (path == "/apis/modeloperator.io" ? (200, Installed) : (404, "404 page not found"));
            context.Response.StatusCode = status;
            context.Response.ContentType = body.StartsWith('{') ? "application/json" : "text/plain";
            // As a router says who answered.
            context.Response.Headers["x-model-revision"] = "digits-r2";
            context.Response.Headers["x-model-version"] = "2";
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$$"""
            {apiVersion: v1, kind: Config, current-context: c,
             contexts: [{name: c, context: {cluster: c, user: u}}],
             clusters: [{name: c, cluster: {server: "{{{app.Urls.First()}}}"}}],
             users: [{name: u, user: {}}]}
            """);
        return new FakeApi(app, kubeconfig);
    }

    /// <summary>A refusal as the API server words it.</summary>
    public static string Refusal(int code, string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""";

    public Task<RunResult> RunAsync(params string[] arguments) => TestedCluster.RunAsync(
        new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = TestedCluster.Time },
        [.. arguments, "--kubeconfig", _kubeconfig]);

    /// <summary>Answers no more.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(_kubeconfig);
    }
}
