using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;
using ModelOperator.Telemetry.Hosting;

namespace ModelOperator.Serving.Tests;

/// <summary>The whole server on loopback, with a model in a directory of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo? _directory;

    private RunningServer(WebApplication app, DirectoryInfo? directory)
    {
        _app = app;
        _directory = directory;
        Http = new HttpClient { BaseAddress = app.ListeningOn()[0] };
        Metrics = new Uri(app.ListeningOn()[1], "/metrics");
        Health = app.ListeningOn()[2];
        Grpc = app.ListeningOn()[3];
    }

    public HttpClient Http { get; }

    public Uri Metrics { get; }

    public Uri Health { get; }

    public Uri Grpc { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<RunningServer> StartAsync(TinyModel model, Func<ServingSettings, ServingSettings>? change = null)
    {
        var directory = Directory.CreateTempSubdirectory("serving-tests-");
        var path = Path.Combine(directory.FullName, "model.onnx");
        File.WriteAllBytes(path, model.ToBytes());
        return StartAsync(path, change, directory);
    }

    public static async Task<RunningServer> StartAsync(
        string path, Func<ServingSettings, ServingSettings>? change = null, DirectoryInfo? directory = null)
    {
        var settings = new ServingSettings
        {
            Model = new ModelIdentity("tiny", "7", "tiny-r3"),
            ModelPath = path,
            Drain = TimeSpan.Zero,
            HttpPort = 0,
            MetricsPort = 0,
            HealthPort = 0,
            GrpcPort = 0,
        };
        var app = ModelServer.Build(change?.Invoke(settings) ?? settings, IPAddress.Loopback);
        await app.StartAsync();
        var slot = app.Services.GetRequiredService<ModelSlot>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (slot.Problem is not null && slot.Failure is null)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        return new RunningServer(app, directory);
    }

    public Task StopAsync() => _app.StopAsync();

    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> PostAsync(
        string json, string path = "/v2/models/tiny/infer")
    {
        var response = await Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()), response);
    }

    public async Task<HttpResponseMessage> PostBinaryAsync(string json, byte[] raw, string? header = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent([.. text, .. raw]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/tiny/infer") { Content = content };
        request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", header ?? text.Length.ToString());
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _directory?.Delete(recursive: true);
    }
}
