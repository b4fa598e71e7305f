using System.Diagnostics;

namespace ModelOperator.Demo.Cluster;

/// <summary>A dev cluster of its own: one process, stopped with this object.</summary>
internal sealed class DevClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StreamWriter _log;

    private DevClusterProcess(Process process, StreamWriter log, string kubeconfig, string logPath)
    {
        _process = process;
        _log = log;
        Kubeconfig = kubeconfig;
        LogPath = logPath;
    }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>The kubeconfig of the cluster.</summary>
    public string Kubeconfig { get; }

    /// <summary>What the cluster wrote to its standard output and error.</summary>
    public string LogPath { get; }

    /// <summary>
    /// Starts a cluster that keeps its files in <paramref name="directory"/> and waits until its kubeconfig is there. Without a node it
    /// is an API server only: no controllers, and pods are what a test makes of them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process ended instead; the message quotes its last lines.</exception>
    public static async Task<DevClusterProcess> StartAsync(
        Repository repository, string directory, TimeProvider time, CancellationToken cancellationToken, bool withNode = true)
    {
        Directory.CreateDirectory(directory);
        var kubeconfig = Path.Combine(directory, "kubeconfig");
        var logPath = Path.Combine(directory, "devcluster.log");
        File.Delete(kubeconfig);

        var log = new StreamWriter(logPath) { AutoFlush = true };
        var start = new ProcessStartInfo(repository.Program("ModelOperator.DevCluster", "devcluster"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory,
            ArgumentList =
            {
                "--kubeconfig", kubeconfig,
                "--images", repository.PathOf("operator", "DevCluster", "images.json"),
                "--state", Path.Combine(directory, "pods"),
                "--restart-backoff", "1s",
                "--authorization-mode", "RBAC",
                "--audit-log-path", Path.Combine(directory, "audit.log"),
            },
        };
        if (!withNode)
        {
            start.ArgumentList.Add("--no-node");
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Record(line.Data);
        process.ErrorDataReceived += (_, line) => Record(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException(
            $"the dev cluster ended with exit code {process.ExitCode}; its log is {logPath}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var cluster = new DevClusterProcess(process, log, kubeconfig, logPath);
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), time, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        void Record(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (log)
            {
                if (log.BaseStream.CanWrite)
                {
                    log.WriteLine(line);
                }
            }

            if (line.Contains("ready", StringComparison.OrdinalIgnoreCase) && File.Exists(kubeconfig))
            {
                ready.TrySetResult();
            }
        }
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Asks the cluster to stop, with its pods, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(_process.Id, "TERM");
            using var patience = new CancellationTokenSource(StopPatience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, pid.ToString()]);
        kill.WaitForExit();
    }
}
