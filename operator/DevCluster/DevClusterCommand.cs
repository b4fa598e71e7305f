using System.Diagnostics;
using System.Runtime.InteropServices;
using ModelOperator.DevCluster.ApiServer;

namespace ModelOperator.DevCluster;

/// <summary>The <c>devcluster</c> program: starts the cluster, says where it is, runs until it is told to end.</summary>
internal static class DevClusterCommand
{
    private const int UsageError = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(DevClusterOptions.Usage);
            return 0;
        }

        try
        {
            await RunClusterAsync(DevClusterOptions.Parse(args));
            return 0;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"devcluster: {exception.Message}\n{DevClusterOptions.Usage}");
            return UsageError;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"devcluster: {exception.Message}");
            return 1;
        }
    }

    private static async Task RunClusterAsync(DevClusterOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        using var slot = ClusterSlot.Claim();
        await using var server = await ApiServerHost.StartAsync(new ApiServerOptions { Port = options.Port, Slot = slot.Number }, cancellationToken: stop.Token);
        WriteKubeconfig(options.KubeconfigPath, server.Kubeconfig);
        try
        {
            Console.WriteLine(Banner(options, server, slot, Stopwatch.GetElapsedTime(started)));
            await Stopped(stop.Token);
        }
        finally
        {
            File.Delete(options.KubeconfigPath);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    // Readable by its owner only from the moment that it exists: it holds the token.
    private static void WriteKubeconfig(string path, string content)
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

    private static string Banner(DevClusterOptions options, ApiServerHost server, ClusterSlot slot, TimeSpan startup) => $"""
        devcluster is up in {startup.TotalMilliseconds:F0} ms
          API server  {server.Address.GetLeftPart(UriPartial.Authority)}
          kubeconfig  {options.KubeconfigPath}     export KUBECONFIG={options.KubeconfigPath}
          node        {(options.WithNode ? slot.NodeAddress : "none")}
        Not for production: pods are plain processes of this user without isolation, whoever has the token
        may do everything, and all objects live in memory and end with this process. Ctrl-C ends it.
        """;

    private static Task Stopped(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        cancellationToken.Register(stopped.SetResult);
        return stopped.Task;
    }
}
