using System.Diagnostics;
using ModelOperator.Api.Conventions;
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

    /// <summary>The process of the operator that leads, by its own metrics; null: none does now.</summary>
    public async Task<Process?> LeaderAsync()
    {
        using var http = new HttpClient();
        foreach (var process in Process.GetProcessesByName("modeloperator"))
        {
            // Every pod's environment names the kubeconfig of its own cluster.
            var environment = File.ReadAllText($"/proc/{process.Id}/environ").Split('\0');
            if (environment.Contains("KUBECONFIG=" + Kubeconfig)
                && environment.FirstOrDefault(variable => variable.StartsWith("POD_IP=", StringComparison.Ordinal)) is { } address
                && await LeadsAsync(http, address["POD_IP=".Length..]))
            {
                return process;
            }

            process.Dispose();
        }

        return null;
    }

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

    private static async Task<bool> LeadsAsync(HttpClient http, string address)
    {
        try
        {
            var metrics = await http.GetStringAsync(new Uri($"http://{address}:{Ports.OperatorMetrics}/metrics"));
            return metrics.Contains("leader_election_master_status{name=\"modeloperator\"} 1", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
