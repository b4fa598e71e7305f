using ModelOperator.Api.Conventions;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>A <c>modelrouter</c> that no node looks after: whoever starts it ends it.</summary>
internal sealed class RouterProcess : IAsyncDisposable
{
    private static int _started;

    private readonly LoggedProcess _process;

    private RouterProcess(LoggedProcess process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it takes requests.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="cluster">Whose routes it follows.</param>
    /// <param name="snapshot">Its file of last known routes.</param>
    public static async Task<RouterProcess> StartAsync(InstalledCluster cluster, string snapshot)
    {
        // An address of 127.0.0.0/8 that no dev cluster takes, and no other run of these tests.
        var number = Interlocked.Increment(ref _started);
        var host = $"127.{240 + (Environment.ProcessId >> 16 & 7)}.{Environment.ProcessId >> 8 & 255}.{((Environment.ProcessId + number) & 127) + 1}";
        var process = LoggedProcess.Start(
            cluster.Repository.Program("ModelOperator.Router", "modelrouter"),
            [],
            new Dictionary<string, string> { ["KUBECONFIG"] = cluster.Kubeconfig, ["POD_IP"] = host, ["ROUTER_SNAPSHOT"] = snapshot },
            Path.Combine(cluster.Directory, $"router-{number}.log"));
        using var http = new HttpClient();
        await Eventually.IsTrueAsync(
            async () => process.HasExited ? throw new InvalidOperationException($"the router ended with exit code {process.ExitCode}") : await IsReadyAsync(http, host),
            "the router is ready",
            () => Task.FromResult<string?>(null));
        return new RouterProcess(process, new Uri($"http://{host}:{Ports.RouterHttp}"));
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(HttpClient http, string host)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{host}:{Ports.RouterHealth}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
