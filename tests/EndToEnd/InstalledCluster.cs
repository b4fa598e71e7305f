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
    private readonly NodeProcess? _node;
    private readonly string _directory;
    private bool _keepsLogs;

    private InstalledCluster(DevClusterProcess? own, NodeProcess? node, string kubeconfig, string directory, Repository repository)
    {
        _own = own;
        _node = node;
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

    /// <summary>For files of tests; it is removed with the cluster.</summary>
    public string Directory => _directory;

    /// <summary>Starts it, or takes the given one, and installs the product.</summary>
    public static async Task<InstalledCluster> StartAsync()
    {
        var (repository, directory) = Prepare();
        var given = Environment.GetEnvironmentVariable("E2E_KUBECONFIG") is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        var own = given is null ? await DevClusterProcess.StartAsync(repository, directory, TimeProvider.System, CancellationToken.None) : null;
        return await InstallAsync(new InstalledCluster(own, null, given ?? own!.Kubeconfig, directory, repository));
    }

    /// <summary>Starts a dev cluster whose API server is a process apart, so that it can be suspended, and installs the product.</summary>
    public static async Task<InstalledCluster> StartWithApiApartAsync()
    {
        var (repository, directory) = Prepare();
        var api = await DevClusterProcess.StartAsync(repository, directory, TimeProvider.System, CancellationToken.None, withNode: false);
        try
        {
            var node = await NodeProcess.StartAsync(repository, api.Kubeconfig, directory);
            return await InstallAsync(new InstalledCluster(api, node, api.Kubeconfig, directory, repository));
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    /// <summary>Suspends the API server's process: connections stay open and nobody answers.</summary>
    public Task SuspendApiAsync() => Signals.SendAsync(_own!.Id, "STOP");

    public Task ResumeApiAsync() => Signals.SendAsync(_own!.Id, "CONT");

    private static (Repository Repository, string Directory) Prepare()
    {
        var directory = Path.Combine(Path.GetTempPath(), "modeloperator-e2e-" + Guid.NewGuid().ToString("n")[..8]);
        System.IO.Directory.CreateDirectory(directory);
        return (Repository.Find(), directory);
    }

    private static async Task<InstalledCluster> InstallAsync(InstalledCluster installed)
    {
        try
        {
            await installed.Installation.InstallAsync(TestContext.Progress.WriteLine, CancellationToken.None);
            return installed;
        }
        catch
        {
            TestContext.Progress.WriteLine($"the logs are in {installed._directory}");
            installed._keepsLogs = true;
            await installed.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process of the operator that leads, by its own metrics; null: none does now.</summary>
    public async Task<Process?> LeaderAsync()
    {
        using var http = new HttpClient();
        foreach (var (address, pid) in ProcessesOf("modeloperator"))
        {
            if (await LeadsAsync(http, address))
            {
                return Process.GetProcessById(pid);
            }
        }

        return null;
    }

    /// <summary>The processes of this cluster's pods that run a program, by the pods' addresses.</summary>
    public IReadOnlyDictionary<string, int> ProcessesOf(string program)
    {
        const string address = "POD_IP=";
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var process in Process.GetProcessesByName(program))
        {
            using (process)
            {
                // Every pod's environment names the API server of its own cluster. A process may be gone by now.
                var environment = EnvironmentOf(process.Id);
                if (environment.Contains($"KUBERNETES_SERVICE_PORT={Client.Configuration.Server.Port}") && Array.Find(environment, v => v.StartsWith(address, StringComparison.Ordinal)) is { } own)
                {
                    found[own[address.Length..]] = process.Id;
                }
            }
        }

        return found;
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
            if (_node is not null)
            {
                await ResumeApiAsync();
                await _node.DisposeAsync();
            }

            await _own.DisposeAsync();
            Assert.That(UsedRights.Read(AuditLog!).Refused, Is.Empty, "what the chart's permissions did not allow");
        }

        Client.Dispose();
        if (!_keepsLogs && TestContext.CurrentContext.Result.Outcome.Status != NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            System.IO.Directory.Delete(_directory, recursive: true);
        }
    }

    private static string[] EnvironmentOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
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
