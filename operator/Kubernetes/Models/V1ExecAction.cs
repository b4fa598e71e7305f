namespace ModelOperator.Kubernetes.Models;

/// <summary>A command in the container; exit code 0 is success.</summary>
public sealed class V1ExecAction
{
    public IList<string>? Command { get; set; }
}
