using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.DevCluster.ApiServer;

/// <summary>Settings of the API server.</summary>
public sealed record ApiServerOptions
{
    /// <summary>The port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>The second octet of the addresses that the cluster gives to services.</summary>
    public int Slot { get; init; } = 16;

    /// <summary>The certificate that nodes must show when the server asks them for logs; null: any, as without <c>--kubelet-certificate-authority</c>.</summary>
    public X509Certificate2? KubeletCertificate { get; init; }

    /// <summary>Who may do what.</summary>
    public Access.AuthorizationMode Authorization { get; init; }

    /// <summary>A file that gets a line for every request; null: none.</summary>
    public string? AuditLogPath { get; init; }

    /// <summary>How many writes of each resource watchers may fall behind.</summary>
    public int HistoryLength { get; init; } = 4096;
}
