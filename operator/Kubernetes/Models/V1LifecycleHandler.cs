namespace ModelOperator.Kubernetes.Models;

/// <summary>One action; exactly one member is set.</summary>
public sealed class V1LifecycleHandler
{
    public V1ExecAction? Exec { get; set; }

    public V1HTTPGetAction? HttpGet { get; set; }

    public V1TCPSocketAction? TcpSocket { get; set; }

    public V1SleepAction? Sleep { get; set; }
}
