using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.DevCluster.ApiServer;
using ModelOperator.DevCluster.Controllers;
using ModelOperator.DevCluster.Node;
using ModelOperator.DevCluster.Node.Images;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

/// <summary>A whole cluster in this process: API server, controllers and a node that runs real processes.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClusterSlot _slot;
    private readonly ApiServerHost _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder;
    private readonly Task _node;
    private readonly Task _controllers;

    private RunningCluster(ClusterSlot slot, ApiServerHost server, string folder, KubernetesClientConfiguration configuration)
    {
        _slot = slot;
        _server = server;
        _folder = folder;
        Client = new KubernetesClient(configuration);
        Paths = new PathClient(configuration);
        var node = new NodeHost(
            new NodeOptions
            {
                Network = slot.Network,
                StateDirectory = Path.Combine(folder, "pods"),
                KubeconfigPath = Path.Combine(folder, "kubeconfig"),
                ApiServer = new DnsEndPoint(server.Address.Host, server.Address.Port),
                Cpus = 64,
                VolumeRefreshInterval = TimeSpan.FromMilliseconds(200),
                RestartBackoff = TimeSpan.FromMilliseconds(200),
            },
            new ImageMap([new LocalImage("busybox", ["/bin/sh", "-c"], ["sleep 600"]), new LocalImage("python", ["python3"])]),
            configuration,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        var controllers = new ControllerHost(configuration, ControllerSet.All, TimeSpan.FromMilliseconds(200), TimeProvider.System, NullLoggerFactory.Instance);
        _node = node.RunAsync(_stop.Token);
        _controllers = controllers.RunAsync(_stop.Token);
        Ready = Task.WhenAll(node.Ready, controllers.Ready);
    }

    public KubernetesClient Client { get; }

    public PathClient Paths { get; }

    /// <summary>The processes of pods have this in their environment.</summary>
    public string Folder => _folder;

    private Task Ready { get; }

    public static async Task<RunningCluster> StartAsync()
    {
        var slot = ClusterSlot.Claim();
        var server = await ApiServerHost.StartAsync(new ApiServerOptions { Slot = slot.Network.Second });
        var folder = Directory.CreateTempSubdirectory("cluster-").FullName;
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig);
        var cluster = new RunningCluster(slot, server, folder, KubernetesClientConfiguration.BuildFromConfigFile(kubeconfig));
        await (await Task.WhenAny(cluster.Ready, cluster._node, cluster._controllers)).WaitAsync(Patience);
        await cluster.Ready.WaitAsync(Patience);
        return cluster;
    }

    /// <summary>Waits until an object is as wanted; null stands for one that does not exist.</summary>
    public async Task<T?> UntilAsync<T>(string name, string? namespaceName, Func<T?, bool> condition)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        T? last = null;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                last = await Client.GetAsync<T>(name, namespaceName, patience.Token);
                if (condition(last))
                {
                    return last;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{typeof(T).Name} {name} never got there; last seen: {Kubernetes.Serialization.KubernetesJson.Serialize(last)}");
        }
    }

    /// <summary>Waits until the objects of a namespace are as wanted.</summary>
    public async Task<IReadOnlyList<T>> UntilAllAsync<T>(string namespaceName, Func<IReadOnlyList<T>, bool> condition)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        IReadOnlyList<T> last = [];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                last = (await Client.ListAsync<T>(namespaceName, cancellationToken: patience.Token)).Items;
                if (condition(last))
                {
                    return last;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the {typeof(T).Name}s never got there; last seen: {Kubernetes.Serialization.KubernetesJson.Serialize(last)}");
        }
    }

    public async Task<string> NamespaceAsync(string name)
    {
        await Client.CreateAsync(new V1Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = name } });
        return name;
    }

    /// <summary>Runs the real kubectl in a namespace; what it prints.</summary>
    public async Task<string> KubectlAsync(string space, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", Path.Combine(_folder, "kubeconfig"), "--namespace", space, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var kubectl = Process.Start(start)!;
        var error = kubectl.StandardError.ReadToEndAsync();
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        Assert.That(kubectl.ExitCode, Is.Zero, await error);
        return output;
    }

    /// <summary>Waits until the log of a pod is as wanted.</summary>
    public async Task<string> UntilLogAsync(string space, string pod, Func<string, bool> condition, params string[] arguments)
    {
        await UntilAsync<V1Pod>(pod, space, p => p?.Status?.Phase is "Running" or "Succeeded");
        var last = "";
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            last = await KubectlAsync(space, ["logs", pod, .. arguments]);
            if (condition(last))
            {
                return last;
            }
        }

        throw new TimeoutException($"the log of {pod} never was as wanted; last seen: {last}");
    }

    /// <summary>The processes that this cluster's pods run now.</summary>
    public IReadOnlyList<int> Processes() => ProcessTable.WithEnvironment(_folder);

    /// <summary>Stops node and controllers as the program would.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_node, _controllers).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        Paths.Dispose();
        await _server.DisposeAsync();
        _slot.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
