namespace ModelOperator.DevCluster;

/// <summary>What the command line asks for.</summary>
/// <param name="Port">The API server's port; 0 picks a free one.</param>
/// <param name="KubeconfigPath">Where the kubeconfig is written.</param>
/// <param name="ImagesPath">A JSON map of images to local programs, or null.</param>
/// <param name="Gpus">How many nvidia.com/gpu the node offers.</param>
/// <param name="WithNode">Run a node and the controllers beside the API server.</param>
internal sealed record DevClusterOptions(int Port, string KubeconfigPath, string? ImagesPath, int Gpus, bool WithNode)
{
    public const string Usage = """
        usage: devcluster [--port P] [--kubeconfig PATH] [--images FILE] [--gpus N] [--no-node]

          --port P           port of the API server on 127.0.0.1 (default: a free one)
          --kubeconfig PATH  where to write the kubeconfig (default: ./devcluster.kubeconfig)
          --images FILE      JSON file that maps images to local programs
          --gpus N           how many nvidia.com/gpu the node offers (default: 0)
          --no-node          API server only: no node, no controllers
        """;

    /// <exception cref="ArgumentException">An argument is unknown, lacks its value or has a wrong one; the message says which.</exception>
    public static DevClusterOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DevClusterOptions(0, Path.GetFullPath("devcluster.kubeconfig"), null, 0, true);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            string Value() => ++i < args.Count ? args[i] : throw new ArgumentException($"{name} needs a value");
            int Number(int max) => int.TryParse(Value(), out var number) && number >= 0 && number <= max
                ? number
                : throw new ArgumentException($"{name} needs a number from 0 to {max}, not '{args[i]}'");
            options = name switch
            {
                "--port" => options with { Port = Number(65535) },
                "--kubeconfig" => options with { KubeconfigPath = Path.GetFullPath(Value()) },
                "--images" => options with { ImagesPath = Path.GetFullPath(Value()) },
                "--gpus" => options with { Gpus = Number(1024) },
                "--no-node" => options with { WithNode = false },
                _ => throw new ArgumentException($"unknown argument '{name}'"),
            };
        }

        return options;
    }
}
