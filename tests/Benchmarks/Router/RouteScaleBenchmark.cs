using ModelOperator.Api.ModelRoutes;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Benchmarks.Router;

/// <summary>A router that follows a thousand ModelDeployments with ten pods each: its memory, and how soon a change is live.</summary>
internal sealed class RouteScaleBenchmark : IBenchmark
{
    private const int Deployments = 1000;
    private const int Pods = 10;
    private const int Changes = 50;

    public string Name => "router.scale";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (!ChildProcess.IsInstalled("kubectl"))
        {
            report.Progress("nothing is measured: kubectl is missing (make setup)");
            return;
        }
        var directory = Directory.CreateTempSubdirectory("router-bench-").FullName;
        var kubeconfig = Path.Combine(directory, "kubeconfig");
        ChildProcess? router = null;
        using var cluster = ChildProcess.Start(
            ChildProcess.Built("ModelOperator.DevCluster", "devcluster"), ["--port", "0", "--kubeconfig", kubeconfig, "--state", directory, "--no-node"]);
        try
        {
            await UntilAsync(() => Task.FromResult(File.Exists(kubeconfig)), cancellationToken);
            using var client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(kubeconfig));
            await ChildProcess.RunAsync(
                "kubectl", ["--kubeconfig", kubeconfig, "apply", "-f", Path.Combine(RepositoryRoot(), "crds")], cancellationToken);
            report.Progress($"creating {Deployments} routes with {Pods} pods each");
            await UntilAsync(async () => await TryCreateAsync(client, 0, cancellationToken), cancellationToken);
            await Parallel.ForAsync(1, Deployments, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (i, token) => await TryCreateAsync(client, i, token));

            const int health = 18081;
            router = ChildProcess.Start(
                ChildProcess.Built("ModelOperator.Router", "modelrouter"),
                ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--health-port", $"{health}"],
                ("KUBECONFIG", kubeconfig), ("POD_IP", "127.0.0.1"));
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{health}"), Timeout = TimeSpan.FromSeconds(5) };
            await UntilAsync(() => IsServedAsync(http, Deployments - 1, 1, cancellationToken), cancellationToken);

            var delays = new List<double>();
            for (var i = 0; i < Changes; i++)
            {
                delays.Add(await ChangeAsync(client, http, i, cancellationToken));
            }
            delays.Sort();
            report.Add("router.scale.change-live.median", delays[delays.Count / 2], "ms");
            report.Add("router.scale.change-live.p95", delays[delays.Count * 95 / 100], "ms", Target.AtMost(100));
            report.Add("router.scale.memory", router.ResidentBytes / 1e6, "MB", Target.AtMost(200));
        }
        finally
        {
            router?.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }

    // From the API's answer to the write until the router says that it serves it.
    private static async Task<double> ChangeAsync(KubernetesClient client, HttpClient http, int i, CancellationToken cancellationToken)
    {
        var route = await client.GetAsync<V1Alpha1ModelRoute>(NameOf(i), "default", cancellationToken) ?? throw new InvalidOperationException("the route is gone");
        route.Spec.Backends[0].Weight = 90;
        route.Spec.Backends[1].Weight = 10;
        var written = await client.UpdateAsync(route, cancellationToken: cancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        while (!await IsServedAsync(http, i, written.Metadata.Generation ?? 0, cancellationToken))
        {
        }
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<bool> IsServedAsync(HttpClient http, int i, long generation, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetStringAsync($"/routes/default/{NameOf(i)}", cancellationToken) == $$"""{"generation":{{generation}}}""";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> TryCreateAsync(KubernetesClient client, int i, CancellationToken cancellationToken)
    {
        var name = NameOf(i);
        foreach (var revision in (string[])[$"{name}-r1", $"{name}-r2"])
        {
            await client.ApplyAsync(Slice(revision, i), "bench", cancellationToken: cancellationToken);
        }
        try
        {
            await client.ApplyAsync(Route(name), "bench", cancellationToken: cancellationToken);
            return true;
        }
        catch (KubernetesException) when (i == 0)
        {
            // The kind was defined a moment ago.
            return false;
        }
    }

    private static V1Alpha1ModelRoute Route(string name) => new()
    {
        ApiVersion = "modeloperator.io/v1alpha1",
        Kind = "ModelRoute",
        Metadata = new V1ObjectMeta { NamespaceProperty = "default", Name = name },
        Spec = new ModelRouteSpec
        {
            Backends =
            [
                new RouteBackend { Revision = $"{name}-r1", Service = $"{name}-r1", Role = "Stable", Weight = 100 },
                new RouteBackend { Revision = $"{name}-r2", Service = $"{name}-r2", Role = "Candidate", Weight = 0 },
            ],
        },
    };

    private static V1EndpointSlice Slice(string service, int i) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = "default",
            Name = service,
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
        },
        AddressType = "IPv4",
        Endpoints =
        [
            .. Enumerable.Range(0, Pods / 2).Select(pod => new V1Endpoint
            {
                Addresses = [$"10.{i / 250}.{i % 250}.{pod + (service.EndsWith('2') ? 100 : 1)}"],
                Conditions = new V1EndpointConditions { Ready = true },
            }),
        ],
        Ports = [new Discoveryv1EndpointPort { Name = "http", Port = 8000, Protocol = "TCP" }],
    };

    private static string NameOf(int i) => $"model-{i}";

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(directory.FullName, "crds")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("run this from the repository's build outputs");
        }
        return directory.FullName;
    }

    private static async Task UntilAsync(Func<Task<bool>> isDone, CancellationToken cancellationToken)
    {
        for (var attempt = 0; !await isDone(); attempt++)
        {
            if (attempt == 600)
            {
                throw new InvalidOperationException("it took more than a minute");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
