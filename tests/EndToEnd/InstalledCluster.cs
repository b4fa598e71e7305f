using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.EndToEnd.Tests.Install;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>
/// A cluster with the product installed, for one fixture: a dev cluster of its own, or the one that <c>E2E_KUBECONFIG</c> names, which is
/// left as it was found. Its node must know the images of samples/quickstart.
/// </summary>
internal sealed class InstalledCluster : IAsyncDisposable
{
    private readonly DevClusterProcess? _own;
    private readonly string _directory;
    private bool _keepsLogs;

    private InstalledCluster(DevClusterProcess? own, string kubeconfig, string directory, Repository repository)
    {
        _own = own;
        _directory = directory;
        Kubeconfig = kubeconfig;
        Repository = repository;
        Client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(kubeconfig));
        Kubectl = new Kubectl(kubeconfig);
        Installation = new Installation(repository, Kubectl, new Helm(kubeconfig), Client, kubeconfig);
    }

    public Repository Repository { get; }

    public KubernetesClient Client { get; }

    public Kubectl Kubectl { get; }

    public Installation Installation { get; }

    public string Kubeconfig { get; }

    /// <summary>The audit log of a dev cluster of one's own; null elsewhere.</summary>
    public string? AuditLog => _own is null ? null : Path.Combine(_directory, "audit.log");

    public static async Task<InstalledCluster> StartAsync()
    {
        var repository = Repository.Find();
        var directory = Path.Combine(Path.GetTempPath(), "modeloperator-e2e-" + Guid.NewGuid().ToString("n")[..8]);
        var given = Environment.GetEnvironmentVariable("E2E_KUBECONFIG") is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        var own = given is null ? await DevClusterProcess.StartAsync(repository, directory, TimeProvider.System, CancellationToken.None) : null;
        Directory.CreateDirectory(directory);
        var installed = new InstalledCluster(own, given ?? own!.Kubeconfig, directory, repository);
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
            // Every pod's environment names the API server of its own cluster.
            var environment = File.ReadAllText($"/proc/{process.Id}/environ").Split('\0');
            if (environment.Contains($"KUBERNETES_SERVICE_PORT={Client.Configuration.Server.Port}")
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
        if (_own is null)
        {
            await Installation.RemoveAsync(CancellationToken.None);
        }
        else
        {
            await _own.DisposeAsync();
            Assert.That(UsedRights.Read(AuditLog!).Refused, Is.Empty, "what the chart's permissions did not allow");
        }

        Client.Dispose();
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
