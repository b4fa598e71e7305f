using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Tests.Analysis.RealPrometheus;

/// <summary>A Prometheus of its own, on a free port, that scrapes one target every second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly Task<string> _log;

    private PrometheusProcess(DirectoryInfo directory, Process process, int port)
    {
        (_directory, _process) = (directory, process);
        _log = process.StandardError.ReadToEndAsync();
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    /// <summary>Where the program is; null when it is not installed.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/bin")
        .Where(d => d.Length > 0)
        .Select(d => Path.Combine(d, "prometheus"))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts it and returns when it answers queries. A port that was taken meanwhile is given up for another.</summary>
    public static async Task<PrometheusProcess> StartAsync(string program, Uri target, PrometheusClient client)
    {
        for (var attempt = 1; ; attempt++)
        {
            var prometheus = Start(program, target);
            try
            {
                await Eventually.TrueAsync("Prometheus answers", () => prometheus.AnswersAsync(client), StartLimit);
                return prometheus;
            }
            catch (InvalidOperationException) when (attempt < Tries)
            {
                await prometheus.DisposeAsync();
            }
            catch
            {
                await prometheus.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static PrometheusProcess Start(string program, Uri target)
    {
        var directory = Directory.CreateTempSubdirectory("judge-prometheus-");
        var configuration = Path.Combine(directory.FullName, "prometheus.yml");
        File.WriteAllText(configuration, $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s{"}"}
            scrape_configs:
            - job_name: router
              honor_labels: true
              static_configs: [{"{"}targets: ["{target.Authority}"]{"}"}]
            """);
        var port = FreePort();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardError = true,
            ArgumentList =
            {
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(directory.FullName, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=warn",
            },
        };
        return new PrometheusProcess(directory, Process.Start(start)!, port);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync(PrometheusClient client)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"Prometheus ended with {_process.ExitCode}: {await _log}");
        }

        try
        {
            await client.QueryAsync(new(Address, TimeSpan.FromSeconds(5)), "vector(1)", TimeProvider.System.GetUtcNow(), CancellationToken.None);
            return true;
        }
        catch (PrometheusException)
        {
            return false;
        }
    }
}
