using ModelOperator.Api.Conventions;
using ModelOperator.Demo.Cluster;

namespace ModelOperator.EndToEnd.Tests.Failover;

/// <summary>One <c>modeloperator run</c>, with an election that is quick.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly LoggedProcess _process;
    private readonly string _address;
    private readonly HttpClient _http = new();

    private OperatorProcess(LoggedProcess process, string address) => (_process, _address) = (process, address);

    /// <summary>Starts it; it listens on an address of its own.</summary>
    public static OperatorProcess Start(Repository repository, string kubeconfig, string address, Uri prometheus, string logPath) => new(
        LoggedProcess.Start(
            repository.Program("ModelOperator.Controller", "modeloperator"),
            [
                "run", "--kubeconfig", kubeconfig, "--prometheus", prometheus.ToString(),
                "--leader-elect-lease-duration", "6s", "--leader-elect-renew-deadline", "4s", "--leader-elect-retry-period", "500ms",
            ],
            new Dictionary<string, string> { ["POD_IP"] = address, ["POD_NAMESPACE"] = Installation.SystemNamespace },
            logPath),
        address);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Whether <c>/readyz</c> says so.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{_address}:{Ports.OperatorHealth}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Whether its metrics say that it leads.</summary>
    public async Task<bool> LeadsAsync()
    {
        try
        {
            var metrics = await _http.GetStringAsync(new Uri($"http://{_address}:{Ports.OperatorMetrics}/metrics"));
            return metrics.Contains("leader_election_master_status{name=\"modeloperator\"} 1", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends it with SIGKILL: it gets no chance to finish or to give the lease back.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }
}
