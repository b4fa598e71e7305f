using System.Diagnostics;
using System.Globalization;
using ModelOperator.Api.Conventions;

namespace ModelOperator.TestSupport.Pretend;

/// <summary>One <c>modeloperator run</c>, with an election that is quick.</summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _address;
    private readonly HttpClient _http = new();

    private OperatorProcess(Process process, StreamWriter log, string address) => (_process, _log, _address) = (process, log, address);

    /// <summary>Starts it; it listens on an address of its own.</summary>
    /// <param name="program">The program <c>modeloperator</c>.</param>
    /// <param name="kubeconfig">The cluster.</param>
    /// <param name="home">The namespace that it takes itself to run in; it must be there.</param>
    /// <param name="address">A loopback address that nobody else uses.</param>
    /// <param name="prometheus">The Prometheus of policies that name none.</param>
    /// <param name="logPath">A file for what it says.</param>
    public static OperatorProcess Start(string program, string kubeconfig, string home, string address, Uri prometheus, string logPath)
    {
        var log = new StreamWriter(logPath) { AutoFlush = true };
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "run", "--kubeconfig", kubeconfig, "--prometheus", prometheus.ToString(),
                "--leader-elect-lease-duration", "6s", "--leader-elect-renew-deadline", "4s", "--leader-elect-retry-period", "500ms",
            },
            Environment = { ["POD_IP"] = address, ["POD_NAMESPACE"] = home },
        };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Record(line.Data);
        process.ErrorDataReceived += (_, line) => Record(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new OperatorProcess(process, log, address);

        void Record(string? line)
        {
            lock (log)
            {
                if (line is not null && log.BaseStream.CanWrite)
                {
                    log.WriteLine(line);
                }
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The processor time it has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes => BytesOf("VmRSS:");

    /// <summary>The most resident memory it has ever had, in bytes.</summary>
    public long MostResidentBytes => BytesOf("VmHWM:");

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
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    private long BytesOf(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(one => one.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _http.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }
}
