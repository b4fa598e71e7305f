using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Node.Registration;

/// <summary>Makes the Node object and keeps saying that the node is alive.</summary>
internal sealed partial class NodeRegistration(
    NodeOptions options, IKubernetesClient client, TimeProvider time, ILogger<NodeRegistration> logger)
{
    private static readonly TimeSpan RetryIn = TimeSpan.FromMilliseconds(200);

    private readonly DateTime _startedAt = time.GetUtcNow().UtcDateTime;

    /// <summary>Registers, trying until the API answers.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await CreateAsync(cancellationToken);
                await HeartbeatAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException)
            {
                LogNotRegistered(e.Message);
                await Task.Delay(RetryIn, time, cancellationToken);
            }
        }
    }

    /// <summary>Writes the status at every interval until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await HeartbeatAsync(cancellationToken);
            }
            catch (KubernetesException e) when (e.IsNotFound)
            {
                await RegisterAsync(cancellationToken);
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException)
            {
                LogNotRegistered(e.Message);
            }
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (await client.GetAsync<V1Node>(options.Name, cancellationToken: cancellationToken) is not null)
        {
            return;
        }

        var labels = new Dictionary<string, string>
        {
            ["kubernetes.io/hostname"] = options.Name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = Architecture(),
        };
        if (options.Gpus > 0)
        {
            labels["nvidia.com/gpu.present"] = "true";
            labels["nvidia.com/gpu.count"] = $"{options.Gpus}";
        }

        await client.CreateAsync(
            new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = options.Name, Labels = labels }, Spec = new V1NodeSpec() },
            cancellationToken: cancellationToken);
    }

    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var resources = NodeCapacity.Of(options);
        var status = new V1NodeStatus
        {
            Capacity = resources,
            Allocatable = resources,
            Addresses =
            [
                new V1NodeAddress { Type = "InternalIP", Address = options.Address.ToString() },
                // API servers ask for logs at this one first, and nobody resolves the node's name.
                new V1NodeAddress { Type = "Hostname", Address = options.Address.ToString() },
            ],
            Conditions =
            [
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now),
            ],
            DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = options.ServerPort } },
            NodeInfo = new V1NodeSystemInfo
            {
                MachineID = options.Name,
                SystemUUID = options.Name,
                BootID = options.Name,
                KernelVersion = Environment.OSVersion.Version.ToString(),
                OsImage = RuntimeInformation.OSDescription,
                ContainerRuntimeVersion = "process://1.0",
                KubeletVersion = "v1.36.0+modeloperator",
                OperatingSystem = "linux",
                Architecture = Architecture(),
            },
        };
        var patch = new JsonObject { ["status"] = JsonSerializer.SerializeToNode(status, KubernetesJson.Options) };
        await client.PatchAsync<V1Node>(options.Name, null, PatchType.MergePatch, patch, "status", cancellationToken: cancellationToken);
    }

    private V1NodeCondition Condition(string type, string status, string reason, string message, DateTime now) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastHeartbeatTime = now,
        LastTransitionTime = _startedAt,
    };

    private static string Architecture() => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64
        ? "amd64"
        : RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    [LoggerMessage(Level = LogLevel.Warning, Message = "node status not written: {Error}")]
    private partial void LogNotRegistered(string error);
}
