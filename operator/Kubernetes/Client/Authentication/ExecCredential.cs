namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>The document that a plug-in writes.</summary>
internal sealed class ExecCredential
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public ExecCredentialStatus? Status { get; set; }
}
