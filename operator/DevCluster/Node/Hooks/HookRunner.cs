using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Hooks;

/// <summary>Runs lifecycle handlers; they may take as long as their container runs.</summary>
internal sealed class HookRunner(ProbeExecutor executor, TimeProvider time)
{
    private const int NoTimeoutSeconds = 86_400;

    /// <summary>Runs a handler until it has ended or its container has.</summary>
    public async Task<ProbeOutcome> RunAsync(V1LifecycleHandler handler, ProbeTarget target, Task exit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunAsync(handler, target, stop.Token);
        await Task.WhenAny(running, exit);
        await stop.CancelAsync();
        try
        {
            return await running;
        }
        catch (OperationCanceledException)
        {
            return new ProbeOutcome(false, "the container ended before its handler did");
        }
    }

    private async Task<ProbeOutcome> RunAsync(V1LifecycleHandler handler, ProbeTarget target, CancellationToken cancellationToken)
    {
        if (handler.Sleep is { } sleep)
        {
            await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), time, cancellationToken);
            return new ProbeOutcome(true);
        }

        // A handler is a probe that is put once.
        var question = new V1Probe { Exec = handler.Exec, HttpGet = handler.HttpGet, TcpSocket = handler.TcpSocket, TimeoutSeconds = NoTimeoutSeconds };
        return await executor.ProbeAsync(question, target, cancellationToken);
    }
}
