using ModelOperator.Demo.Cluster;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>A dev cluster's node and controllers in a process of their own, so that its API server can be away while they are not.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LoggedProcess _process;

    private NodeProcess(LoggedProcess process) => _process = process;

    /// <summary>Starts it and waits until it works.</summary>
    /// <param name="repository">Where the programs are.</param>
    /// <param name="kubeconfig">The API server's.</param>
    /// <param name="directory">For its log and the files of its pods.</param>
    public static async Task<NodeProcess> StartAsync(Repository repository, string kubeconfig, string directory)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = LoggedProcess.Start(
            repository.Program("ModelOperator.DevCluster", "devcluster"),
            [
                "node", "--controllers", "--kubeconfig", kubeconfig, "--images", repository.PathOf("operator", "DevCluster", "images.json"),
                "--state", Path.Combine(directory, "pods"), "--restart-backoff", "1s",
            ],
            new Dictionary<string, string>(),
            Path.Combine(directory, "node.log"),
            line =>
            {
                if (line.Contains("is ready", StringComparison.Ordinal))
                {
                    ready.TrySetResult();
                }
            });
        var node = new NodeProcess(process);
        try
        {
            if (await Task.WhenAny(ready.Task, process.WaitForExitAsync()).WaitAsync(Patience) != ready.Task)
            {
                throw new InvalidOperationException($"the node ended with exit code {process.ExitCode}; its log is in {directory}");
            }

            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, with its pods, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Signals.SendAsync(_process.Id, "TERM");
        await _process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _process.DisposeAsync();
    }
}
