namespace ModelOperator.Kubernetes.Models;

/// <summary>Linux capabilities given and taken.</summary>
public sealed class V1Capabilities
{
    public IList<string>? Add { get; set; }

    public IList<string>? Drop { get; set; }
}
