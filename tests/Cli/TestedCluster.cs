using System.Text.Json.Nodes;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Cli.Tests;

/// <summary>A dev cluster without nodes and controllers, in which every status is what a test wrote.</summary>
[SetUpFixture]
internal sealed class TestedCluster
{
    private static DevClusterProcess? _process;
    private static string _directory = "";
    private static PathClient? _client;
    private static int _namespaces;

    public static TimeProvider Time { get; } = new FrozenTime();

    public static Repository Repository { get; } = Repository.Find();

    public static string Kubeconfig => _process!.Kubeconfig;

    public static PathClient Client => _client ?? throw new InvalidOperationException("the cluster is not up");

    [OneTimeSetUp]
    public async Task Start()
    {
        _directory = Directory.CreateTempSubdirectory("kubectl-model-").FullName;
        _process = await DevClusterProcess.StartAsync(Repository, _directory, TimeProvider.System, CancellationToken.None, withNode: false);
        _client = new PathClient(KubernetesClientConfiguration.BuildFromConfigFile(Kubeconfig));
        await new Kubectl(Kubeconfig).RunAsync(CancellationToken.None, "apply", "-f", Repository.PathOf("crds"));
        await new Kubectl(Kubeconfig).RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>A namespace of a test's own, with the objects of some fixtures.</summary>
    public static async Task<string> NamespaceAsync(params string[] fixtures)
    {
        var name = $"test-{Interlocked.Increment(ref _namespaces)}";
        await Client.SendAsync<JsonObject>(HttpMethod.Post, "/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        foreach (var fixture in fixtures)
        {
            await Fixtures.LoadAsync(Client, name, fixture, Time);
        }

        return name;
    }

    /// <summary>Runs the program's command line in this process.</summary>
    public static Task<RunResult> RunAsync(string namespaceName, params string[] arguments) =>
        RunAsync(new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = Time }, [.. arguments, "--kubeconfig", Kubeconfig, "-n", namespaceName]);

    /// <summary>Runs the program's command line in this process, in surroundings of its own.</summary>
    public static async Task<RunResult> RunAsync(Surroundings surroundings, params string[] arguments)
    {
        var code = await KubectlModel.RunAsync(arguments, surroundings);
        return new RunResult(code, surroundings.Out.ToString()!, surroundings.Error.ToString()!);
    }
}
