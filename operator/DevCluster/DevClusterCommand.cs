using System.Diagnostics;
using System.Net;
using ModelOperator.DevCluster.ApiServer;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.Controllers;
using ModelOperator.DevCluster.Node;
using ModelOperator.DevCluster.Node.Server;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.DevCluster;

/// <summary>The <c>devcluster</c> program: starts the cluster, says where it is, runs until it is told to end.</summary>
internal static class DevClusterCommand
{
    private const int UsageError = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var isNode = args is ["node", ..];
        var usage = isNode ? NodeCommandOptions.Usage : DevClusterOptions.Usage;
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(usage);
            return 0;
        }

        try
        {
            await (isNode ? NodeCommand.RunAsync(NodeCommandOptions.Parse(args[1..])) : RunClusterAsync(DevClusterOptions.Parse(args)));
            return 0;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"devcluster: {exception.Message}\n{usage}");
            return UsageError;
        }
        catch (Exception exception) when (exception
            is IOException or InvalidOperationException or UnauthorizedAccessException or InvalidDataException or KubernetesConfigurationException)
        {
            await Console.Error.WriteLineAsync($"devcluster: {exception.Message}");
            return 1;
        }
    }

    private static async Task RunClusterAsync(DevClusterOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var shutdown = new ShutdownSignal();
        using var slot = ClusterSlot.Claim();
        using var certificate = ServerCertificate.CreateFor(slot.Network.NodeAddress, TimeProvider.System);
        await using var server = await StartServerAsync(
            new ApiServerOptions
            {
                Port = options.Port,
                Slot = slot.Network.Second,
                KubeletCertificate = certificate,
                Authorization = options.Authorization,
                AuditLogPath = options.AuditLogPath,
            },
            shutdown.Token);
        WriteKubeconfig(options.KubeconfigPath, server.Kubeconfig);
        try
        {
            await using var workers = options.WithNode
                ? ClusterWorkers.Start(Node(options, server, slot) with { ServerCertificate = certificate }, options.ImagesPath, ControllerSet.All)
                : null;
            if (workers is not null)
            {
                await Task.WhenAny(workers.Ready, workers.Completion).Unwrap().WaitAsync(shutdown.Token);
            }

            Console.WriteLine(Banner(options, server, slot, Stopwatch.GetElapsedTime(started)));
            await Task.WhenAny(shutdown.Stopped, workers?.Completion ?? shutdown.Stopped).Unwrap();
        }
        catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
        {
            // Told to end before it was up.
        }
        finally
        {
            File.Delete(options.KubeconfigPath);
        }
    }

    private static NodeOptions Node(DevClusterOptions options, ApiServerHost server, ClusterSlot slot) => new()
    {
        Network = slot.Network,
        StateDirectory = options.StateDirectory,
        KubeconfigPath = options.KubeconfigPath,
        ApiServer = new DnsEndPoint(server.Address.Host, server.Address.Port),
        ServerToken = server.Token,
        Gpus = options.Gpus,
        RestartBackoff = options.RestartBackoff,
    };

    private static async Task<ApiServerHost> StartServerAsync(ApiServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ApiServerHost.StartAsync(options, cancellationToken: cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new IOException(
                $"port {options.Port} of 127.0.0.1 is taken by another program; choose another with --port (make cluster PORT=)", exception);
        }
    }

    // Readable by its owner only from the moment that it exists: it holds the token.
    private static void WriteKubeconfig(string path, string content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            var mode = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(path, mode);
            writer.Write(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot write the kubeconfig {path}: {exception.Message}", exception);
        }
    }

    private static string Permissions(AuthorizationMode mode) => mode == AuthorizationMode.Rbac
        ? "Who may do what is told by roles and their bindings."
        : "Nobody checks permissions (see --authorization-mode).";

    private static string Banner(DevClusterOptions options, ApiServerHost server, ClusterSlot slot, TimeSpan startup) => $"""
        devcluster is ready after {startup.TotalMilliseconds:F0} ms
          API server  {server.Address.GetLeftPart(UriPartial.Authority)}
          node        {(options.WithNode ? slot.Network.NodeAddress : "none")}
          kubeconfig  {options.KubeconfigPath}
          use it      export KUBECONFIG={options.KubeconfigPath}; kubectl get all -A

        It is not Kubernetes and not for production: pods are plain processes of this user without isolation, and
        all objects live in memory and end with this process. {Permissions(options.Authorization)}
        Ctrl-C ends it, its pods and its kubeconfig.
        """;
}
