using ModelOperator.DevCluster.Controllers;

namespace ModelOperator.DevCluster;

/// <summary>What the command line of <c>devcluster node</c> asks for.</summary>
/// <param name="KubeconfigPath">Whose node it is, and as whom.</param>
/// <param name="Name">The name of the Node object.</param>
/// <param name="ImagesPath">A JSON map of images to local programs, or null.</param>
/// <param name="Gpus">How many nvidia.com/gpu the node offers.</param>
/// <param name="StateDirectory">Where the node keeps the files of its pods.</param>
/// <param name="RestartBackoff">The wait before the second restart of a container.</param>
/// <param name="Controllers">Which controllers run here too.</param>
/// <param name="Network">Where pods get their addresses from; null: a free range of 127.0.0.0/8.</param>
internal sealed record NodeCommandOptions(
    string KubeconfigPath,
    string Name,
    string? ImagesPath,
    int Gpus,
    string StateDirectory,
    TimeSpan RestartBackoff,
    ControllerSet Controllers,
    NodeNetwork? Network)
{
    public const string Usage = """
        usage: devcluster node --kubeconfig PATH [--name NAME] [--images FILE] [--gpus N] [--state DIR]
                               [--restart-backoff 10s] [--scheduler|--controllers] [--network 10.244.0.0/16]

        Runs the pods bound to this node as processes of this machine, for the API server of a kubeconfig.

          --kubeconfig PATH  the API server and who this node is to it; every container gets one of its service account as KUBECONFIG
          --name NAME        name of the Node object (default: dev-node)
          --images FILE      JSON file that maps images to local programs
          --gpus N           how many nvidia.com/gpu the node offers (default: 0)
          --state DIR        where the files of pods lie (default: a folder of its own in the system's temporary one)
          --restart-backoff  the wait before the second restart of a container (default: 10s, as kubelet's)
          --scheduler        bind pods to nodes too; only where no other scheduler does
          --controllers      run the scheduler and the controllers of Deployments, ReplicaSets, Jobs, EndpointSlices, claims,
                             garbage and namespaces too; only where nothing else does
          --network RANGE    a /16 for node and pods (default: a free one of 127.0.0.0/8, which a real API server
                             refuses in EndpointSlices). It must be this machine's: ip route add local RANGE dev lo

        """ + Node.Faults.Fault.Usage;

    /// <exception cref="ArgumentException">An argument is unknown, lacks its value or has a wrong one; the message says which.</exception>
    public static NodeCommandOptions Parse(IReadOnlyList<string> args)
    {
        var state = Path.Combine(Path.GetTempPath(), $"devcluster-node-{Environment.ProcessId}");
        var options = new NodeCommandOptions("", "dev-node", null, 0, state, TimeSpan.FromSeconds(10), ControllerSet.None, null);
        var line = new CommandLine(args);
        while (line.TryNext(out var name))
        {
            options = name switch
            {
                "--kubeconfig" => options with { KubeconfigPath = line.Path() },
                "--name" => options with { Name = line.Value() },
                "--images" => options with { ImagesPath = line.Path() },
                "--gpus" => options with { Gpus = line.Number(1024) },
                "--state" => options with { StateDirectory = line.Path() },
                "--restart-backoff" => options with { RestartBackoff = line.Seconds() },
                "--scheduler" => options with { Controllers = ControllerSet.Scheduler },
                "--controllers" => options with { Controllers = ControllerSet.All },
                "--network" => options with { Network = line.Network() },
                _ => throw line.Unknown(),
            };
        }

        return options.KubeconfigPath.Length > 0 ? options : throw new ArgumentException("--kubeconfig is needed");
    }
}
