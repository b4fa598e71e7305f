using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Benchmarks.Router;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.TestSupport.Pretend;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>A real API, operator, router and Prometheus; pods, and the page that Prometheus scrapes, are pretended.</summary>
internal sealed class DrillGround : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("bench-breach-").FullName;
    private readonly string _subnet = $"127.197.{Random.Shared.Next(256)}";
    private readonly Api _api;
    private readonly PretendPods _pods;
    private readonly IInformer<V1Alpha1ModelRoute> _routes;
    private readonly Task _watching;
    private readonly WebApplication _page;
    private readonly Uri _prometheusAddress;
    private readonly ChildProcess _prometheus;
    private readonly ChildProcess _router;
    private readonly OperatorProcess _operator;
    private readonly HttpClient _http = new();

    private DrillGround(Api api)
    {
        _api = api;
        var informers = new SharedInformers(api.Client, TimeProvider.System, NullLoggerFactory.Instance);
        Deployments = informers.Get<V1Alpha1ModelDeployment>();
        _routes = informers.Get<V1Alpha1ModelRoute>();
        _pods = new PretendPods(api.Client, informers, $"{_subnet}.2");
        _watching = informers.RunAsync(_stop.Token);
        _page = BuildPage($"http://{_subnet}.3:8002");
        _prometheusAddress = new Uri($"http://{_subnet}.4:9090/");
        _prometheus = StartPrometheus();
        _router = ChildProcess.Start(api.Repository.Program("ModelOperator.Router", "modelrouter"), [], ("KUBECONFIG", api.Kubeconfig), ("POD_IP", $"{_subnet}.2"));
        _operator = OperatorProcess.Start(
            api.Repository.Program("ModelOperator.Controller", "modeloperator"),
            api.Kubeconfig, Installation.SystemNamespace, $"{_subnet}.1", _prometheusAddress, Path.Combine(_directory, "operator.log"));
    }

    public KubernetesClient Client => _api.Client;

    public DrillCounters Counters { get; } = new();

    public IInformer<V1Alpha1ModelDeployment> Deployments { get; }

    public static async Task<DrillGround> StartAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("bench-breach-api-").FullName;
        var ground = new DrillGround(await Api.StartAsync(directory, cancellationToken));
        await ground._page.StartAsync(cancellationToken);
        await Condition.IsTrueAsync("the operator leads", ground._operator.LeadsAsync, cancellationToken);
        await Condition.IsTrueAsync("Prometheus answers", () => ground.AnswersAsync(new Uri(ground._prometheusAddress, "-/ready")), cancellationToken);
        await Condition.IsTrueAsync("the router is ready", () => ground.AnswersAsync(ground.OfRouter("/readyz")), cancellationToken);
        await ground._pods.CreateRouterAsync();
        return ground;
    }

    /// <summary>Whether the router serves a route on which a revision has no share.</summary>
    public async Task<bool> IsServedWithoutAsync(string name, string revision, CancellationToken cancellationToken)
    {
        if (_routes.Get(name, "default") is not { } route || route.Spec.Backends.Any(backend => backend.Revision == revision && backend.Weight > 0))
        {
            return false;
        }

        using var answer = JsonDocument.Parse(await _http.GetStringAsync(OfRouter($"/routes/default/{name}"), cancellationToken));
        return answer.RootElement.GetProperty("generation").GetInt64() >= route.Metadata.Generation;
    }

    /// <summary>The time of the first sample that shows errors of a revision.</summary>
    public async Task<DateTimeOffset> FirstErrorScrapedAtAsync(string revision, CancellationToken cancellationToken)
    {
        var query = Uri.EscapeDataString($"modelrouter_requests_total{{revision=\"{revision}\",outcome=\"error\"}}[2m]");
        using var answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri(_prometheusAddress, $"api/v1/query?query={query}"), cancellationToken));
        var samples = answer.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("values").EnumerateArray();
        var first = samples.First(sample => sample[1].GetString() != "0")[0].GetDouble();
        return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(first * 1000));
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        _router.Dispose();
        _prometheus.Dispose();
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pods.DisposeAsync();
        await _page.DisposeAsync();
        await _api.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Uri OfRouter(string path) => new($"http://{_subnet}.2:{Ports.RouterHealth}{path}");

    private async Task<bool> AnswersAsync(Uri address)
    {
        try
        {
            using var answer = await _http.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private WebApplication BuildPage(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var page = builder.Build();
        page.MapGet("/metrics", () => Results.Text(Counters.Exposition(), "text/plain; version=0.0.4"));
        return page;
    }

    private ChildProcess StartPrometheus()
    {
        var configuration = Path.Combine(_directory, "prometheus.yml");
        File.WriteAllText(configuration, $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - job_name: router
              static_configs: [{targets: ["{{_subnet}}.3:8002"]}]
            """);
        return ChildProcess.Start("prometheus",
        [
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_directory, "data")}",
            $"--web.listen-address={_prometheusAddress.Authority}", "--log.level=warn",
        ]);
    }
}
