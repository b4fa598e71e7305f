namespace ModelOperator.Kubernetes.Models;

/// <summary>A question put to a container again and again.</summary>
public sealed class V1Probe
{
    public V1HTTPGetAction? HttpGet { get; set; }

    public V1TCPSocketAction? TcpSocket { get; set; }

    public V1ExecAction? Exec { get; set; }

    public V1GRPCAction? Grpc { get; set; }

    /// <summary>Seconds before the first probe.</summary>
    public int? InitialDelaySeconds { get; set; }

    /// <summary>Seconds an answer may take.</summary>
    public int? TimeoutSeconds { get; set; }

    /// <summary>Seconds between probes.</summary>
    public int? PeriodSeconds { get; set; }

    public int? SuccessThreshold { get; set; }

    public int? FailureThreshold { get; set; }

    public long? TerminationGracePeriodSeconds { get; set; }
}
