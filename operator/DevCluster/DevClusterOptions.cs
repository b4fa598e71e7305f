using ModelOperator.DevCluster.ApiServer.Access;

namespace ModelOperator.DevCluster;

/// <summary>What the command line of <c>devcluster</c> asks for.</summary>
/// <param name="Port">The API server's port; 0 picks a free one.</param>
/// <param name="KubeconfigPath">Where the kubeconfig is written.</param>
/// <param name="ImagesPath">A JSON map of images to local programs, or null.</param>
/// <param name="Gpus">How many nvidia.com/gpu the node offers.</param>
/// <param name="WithNode">Run a node and the controllers beside the API server.</param>
/// <param name="StateDirectory">Where the node keeps the files of its pods.</param>
/// <param name="RestartBackoff">The node's wait before the second restart of a container.</param>
/// <param name="Authorization">Who may do what.</param>
/// <param name="AuditLogPath">A file that gets a line for every request, or null.</param>
internal sealed record DevClusterOptions(
    int Port,
    string KubeconfigPath,
    string? ImagesPath,
    int Gpus,
    bool WithNode,
    string StateDirectory,
    TimeSpan RestartBackoff,
    AuthorizationMode Authorization,
    string? AuditLogPath)
{
    public const string Usage = """
        usage: devcluster [--port P] [--kubeconfig PATH] [--images FILE] [--gpus N]
                          [--state DIR] [--restart-backoff 10s] [--no-node]
                          [--authorization-mode RBAC] [--audit-log-path FILE]
               devcluster node --kubeconfig PATH ...   a node for another API server; see devcluster node --help

          --port P           port of the API server on 127.0.0.1 (default: a free one)
          --kubeconfig PATH  where to write the kubeconfig (default: ./devcluster.kubeconfig)
          --images FILE      JSON file that maps images to local programs
          --gpus N           how many nvidia.com/gpu the node offers (default: 0)
          --state DIR        where the files of pods lie (default: beside the kubeconfig)
          --restart-backoff  the wait before the second restart of a container and before a job replaces
                             its first failed pod (default: 10s, as Kubernetes')
          --no-node          API server only: no node, no controllers
          --authorization-mode
                             RBAC: who may do what is told by roles and bindings; AlwaysAllow (default): everybody everything
          --audit-log-path FILE
                             a line for every request, as audit.k8s.io/v1 Events at level Metadata

        """ + Node.Faults.Fault.Usage;

    /// <exception cref="ArgumentException">An argument is unknown, lacks its value or has a wrong one; the message says which.</exception>
    public static DevClusterOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DevClusterOptions(0, Path.GetFullPath("devcluster.kubeconfig"), null, 0, true, "", TimeSpan.FromSeconds(10), AuthorizationMode.AlwaysAllow, null);
        var line = new CommandLine(args);
        while (line.TryNext(out var name))
        {
            options = name switch
            {
                "--port" => options with { Port = line.Number(65535) },
                "--kubeconfig" => options with { KubeconfigPath = line.Path() },
                "--images" => options with { ImagesPath = line.Path() },
                "--gpus" => options with { Gpus = line.Number(1024) },
                "--state" => options with { StateDirectory = line.Path() },
                "--restart-backoff" => options with { RestartBackoff = line.Seconds() },
                "--no-node" => options with { WithNode = false },
                "--authorization-mode" => options with { Authorization = Mode(line.Value()) },
                "--audit-log-path" => options with { AuditLogPath = line.Path() },
                _ => throw line.Unknown(),
            };
        }

        return options.StateDirectory.Length > 0
            ? options
            : options with { StateDirectory = Path.Combine(Path.GetDirectoryName(options.KubeconfigPath)!, "pods") };
    }

    private static AuthorizationMode Mode(string text) => text switch
    {
        "RBAC" => AuthorizationMode.Rbac,
        "AlwaysAllow" => AuthorizationMode.AlwaysAllow,
        _ => throw new ArgumentException($"--authorization-mode is \"{text}\"; there are RBAC and AlwaysAllow"),
    };
}
