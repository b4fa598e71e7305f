using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.DevCluster.Node;

/// <summary>What a node is made of.</summary>
internal sealed record NodeOptions
{
    /// <summary>The name of the Node object.</summary>
    public string Name { get; init; } = "dev-node";

    /// <summary>The addresses this node hands out; no other process may use them.</summary>
    public required NodeNetwork Network { get; init; }

    /// <summary>Where pods' files lie; removed pod by pod.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>How the node reaches the API, and as whom. Containers get kubeconfigs of their own, as their service accounts.</summary>
    public required string KubeconfigPath { get; init; }

    /// <summary>What containers get as KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.</summary>
    public required DnsEndPoint ApiServer { get; init; }

    /// <summary>The bearer token that the node's own HTTPS server asks for; null: none.</summary>
    public string? ServerToken { get; init; }

    /// <summary>The certificate of that server; null: one of its own making.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>The port of that server, on the node's address.</summary>
    public int ServerPort { get; init; } = NodeNetwork.KubeletPort;

    /// <summary>How many <c>nvidia.com/gpu</c> the node says it has.</summary>
    public int Gpus { get; init; }

    /// <summary>Cores the node says it has; null: those of this machine.</summary>
    public int? Cpus { get; init; }

    /// <summary>The wait before the second restart of a container; kubelet's is 10 s.</summary>
    public TimeSpan RestartBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long containers get to end when the node stops.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often files of ConfigMaps, Secrets and pod fields are compared with what they are now; kubelet takes up to a minute.</summary>
    public TimeSpan VolumeRefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the node says that it is alive.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The node's address.</summary>
    public IPAddress Address => Network.NodeAddress;
}
