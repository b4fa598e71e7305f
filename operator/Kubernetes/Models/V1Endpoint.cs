namespace ModelOperator.Kubernetes.Models;

/// <summary>One address behind a Service, usually a pod.</summary>
public sealed class V1Endpoint
{
    public IList<string> Addresses { get; set; } = [];

    public V1EndpointConditions? Conditions { get; set; }

    public string? Hostname { get; set; }

    public string? NodeName { get; set; }

    public string? Zone { get; set; }

    public V1ObjectReference? TargetRef { get; set; }
}
