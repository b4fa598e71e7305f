using System.Diagnostics;
using System.Net;
using ModelOperator.DevCluster.Node;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.DevCluster;

/// <summary>The <c>devcluster node</c> program: a node, on request with controllers, for an API server that someone else runs.</summary>
internal static class NodeCommand
{
    public static async Task RunAsync(NodeCommandOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var shutdown = new ShutdownSignal();
        var server = KubernetesClientConfiguration.BuildFromConfigFile(options.KubeconfigPath).Server;
        using var slot = options.Network is { } network ? ClusterSlot.Claim(network) : ClusterSlot.Claim();
        var node = new NodeOptions
        {
            Name = options.Name,
            Network = slot.Network,
            StateDirectory = options.StateDirectory,
            KubeconfigPath = options.KubeconfigPath,
            ApiServer = new DnsEndPoint(server.Host, server.Port),
            Gpus = options.Gpus,
            RestartBackoff = options.RestartBackoff,
        };
        await using var workers = ClusterWorkers.Start(node, options.ImagesPath, options.Controllers);
        try
        {
            await Task.WhenAny(workers.Ready, workers.Completion).Unwrap().WaitAsync(shutdown.Token);
            Console.WriteLine($"""
                node {options.Name} is ready after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms
                  API server  {server.GetLeftPart(UriPartial.Authority)}
                  addresses   {slot.Network}
                  controllers {options.Controllers}
                Not for production: pods are plain processes of this user without isolation,
                and whoever reaches this machine's addresses may read their logs. Ctrl-C ends it.
                """);
            await Task.WhenAny(shutdown.Stopped, workers.Completion).Unwrap();
        }
        catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
        {
            // Told to end before it was up.
        }
    }
}
