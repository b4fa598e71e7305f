using System.Diagnostics;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>A fresh dev cluster with the product installed, for one fixture.</summary>
internal sealed class InstalledCluster : IAsyncDisposable
{
    private readonly DevClusterProcess _cluster;
    private readonly string _directory;
    private bool _keepsLogs;

    private InstalledCluster(DevClusterProcess cluster, string directory, Repository repository, KubernetesClient client)
    {
        _cluster = cluster;
        _directory = directory;
        Repository = repository;
        Client = client;
        Kubectl = new Kubectl(cluster.Kubeconfig);
        Installation = new Installation(repository, Kubectl, client, cluster.Kubeconfig);
    }

    public Repository Repository { get; }

    public KubernetesClient Client { get; }

    public Kubectl Kubectl { get; }

    public Installation Installation { get; }

    public string Kubeconfig => _cluster.Kubeconfig;

    public static async Task<InstalledCluster> StartAsync()
    {
        var repository = Repository.Find();
        var directory = Path.Combine(Path.GetTempPath(), "modeloperator-e2e-" + Guid.NewGuid().ToString("n")[..8]);
        var cluster = await DevClusterProcess.StartAsync(repository, directory, TimeProvider.System, CancellationToken.None);
        var installed = new InstalledCluster(
            cluster, directory, repository, new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(cluster.Kubeconfig)));
        try
        {
            await installed.Installation.InstallAsync(TestContext.Progress.WriteLine, CancellationToken.None);
            return installed;
        }
        catch
        {
            TestContext.Progress.WriteLine($"the logs are in {directory}");
            installed._keepsLogs = true;
            await installed.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The process of a program that runs in this cluster: every pod's environment names the kubeconfig of its own cluster.
    /// </summary>
    public Process? ProcessOf(string program) => Process.GetProcessesByName(program).SingleOrDefault(process =>
        File.ReadAllText($"/proc/{process.Id}/environ").Split('\0').Contains("KUBECONFIG=" + Kubeconfig));

    /// <summary>A caller of a model through the router.</summary>
    public async Task<ModelClient> CallerAsync(string name) =>
        new(await Installation.RouterAsync(CancellationToken.None), "default", name, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _cluster.DisposeAsync();
        if (!_keepsLogs && TestContext.CurrentContext.Result.Outcome.Status != NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
