using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>Runs the probes of one run of a container until it ends: the startup probe first, then the others.</summary>
/// <param name="turned">Told when a result turns.</param>
/// <param name="failed">Told of every failed probe.</param>
internal sealed class ContainerProbes(
    ProbeExecutor executor, TimeProvider time, Action<ProbeKind, bool> turned, Action<ProbeKind, string> failed)
{
    /// <summary>
    /// A program that is still starting refuses connections; its port is watched this closely, so that becoming ready
    /// does not wait for the next period.
    /// </summary>
    private static readonly TimeSpan ListenPoll = TimeSpan.FromMilliseconds(25);

    public async Task RunAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        var container = target.Container;
        if (container.StartupProbe is { } startup && !await RunAsync(startup, ProbeKind.Startup, target, cancellationToken))
        {
            return;
        }

        await Task.WhenAll(
            container.ReadinessProbe is { } readiness ? RunAsync(readiness, ProbeKind.Readiness, target, cancellationToken) : Task.CompletedTask,
            container.LivenessProbe is { } liveness ? RunAsync(liveness, ProbeKind.Liveness, target, cancellationToken) : Task.CompletedTask);
    }

    /// <summary>Runs a probe until it has nothing more to decide; returns its result.</summary>
    private async Task<bool> RunAsync(V1Probe probe, ProbeKind kind, ProbeTarget target, CancellationToken cancellationToken)
    {
        var state = ProbeState.Initial(kind);
        var period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10));
        if (probe.InitialDelaySeconds is > 0 and var delay)
        {
            await Task.Delay(TimeSpan.FromSeconds(delay), time, cancellationToken);
        }

        using var ticks = new PeriodicTimer(period, time);
        var everPassed = false;
        do
        {
            var outcome = await executor.ProbeAsync(probe, target, cancellationToken);
            if (!outcome.Passed)
            {
                failed(kind, outcome.Message);
            }

            state = Take(state, outcome.Passed);
            if (outcome is { Refused: true } && !everPassed && await TurnsUpAsync(probe, target, ticks, cancellationToken) is { } late)
            {
                // Looked at between two periods: it can only bring good news.
                state = late.Passed ? Take(state, true) : state;
                everPassed |= late.Passed;
            }

            everPassed |= outcome.Passed;
            if (state.Result is { } result && ((kind == ProbeKind.Startup) || (kind == ProbeKind.Liveness && !result)))
            {
                return result;
            }
        }
        while (await ticks.WaitForNextTickAsync(cancellationToken));

        return state.Result ?? false;

        ProbeState Take(ProbeState before, bool passed)
        {
            var after = before.Next(passed, Math.Max(1, probe.SuccessThreshold ?? 1), Math.Max(1, probe.FailureThreshold ?? 3));
            if (after.Result is { } result && after.Result != before.Result)
            {
                turned(kind, result);
            }

            return after;
        }
    }

    /// <summary>Waits within one period for the port to open and asks once more then; null when it stays closed.</summary>
    private async Task<ProbeOutcome?> TurnsUpAsync(V1Probe probe, ProbeTarget target, PeriodicTimer ticks, CancellationToken cancellationToken)
    {
        if (ProbeExecutor.EndPointOf(probe, target) is not { } endPoint)
        {
            return null;
        }

        var until = time.GetUtcNow() + ticks.Period - (2 * ListenPoll);
        while (time.GetUtcNow() < until)
        {
            await Task.Delay(ListenPoll, time, cancellationToken);
            if (await ProbeExecutor.ListensAsync(endPoint, cancellationToken))
            {
                return await executor.ProbeAsync(probe, target, cancellationToken);
            }
        }

        return null;
    }
}
