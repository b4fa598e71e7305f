using System.Runtime.InteropServices;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Story;

var keep = args.Contains("--keep");
if (args.Except(["--keep"]).ToList() is [var unknown, ..])
{
    Console.Error.WriteLine($"demo: unknown argument {unknown}; the only one is --keep");
    return 2;
}

var time = TimeProvider.System;
var repository = Repository.Find();
var timeline = new Timeline(Console.Out, time);
var claims = new Claims(timeline);
using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    timeline.Act("0. A cluster, the operator, a router and Prometheus");
    await using var cluster = await DevClusterProcess.StartAsync(repository, repository.PathOf(".dev"), time, interrupted.Token);
    timeline.Say("cluster", $"ready; kubectl --kubeconfig {cluster.Kubeconfig}");

    await new Demonstration(repository, cluster, timeline, claims, time).RunAsync(interrupted.Token);
    if (keep && claims.Failed.Count == 0)
    {
        KeepRunning.Explain(Console.Out, cluster.Kubeconfig);
        await cluster.WaitForExitAsync(interrupted.Token);
    }
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    timeline.Say("you", "interrupted; everything is stopped");
    return claims.Failed.Count == 0 && keep ? 0 : 130;
}
catch (Exception e) when (e is TimeoutException or ToolException or InvalidOperationException or FileNotFoundException)
{
    Console.WriteLine();
    Console.WriteLine($"demo: failed: {e.Message}");
    Console.WriteLine($"demo: logs are in {repository.PathOf(".dev")}");
    return 1;
}

Console.WriteLine();
if (claims.Failed.Count > 0)
{
    foreach (var claim in claims.Failed)
    {
        Console.WriteLine($"demo: failed: {claim}");
    }

    return 1;
}

Console.WriteLine($"demo: {claims.Checked} claims checked in {timeline.Elapsed.TotalSeconds:0} s");
Console.WriteLine("demo: passed");
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
