namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>The credentials that a plug-in made: a token, a certificate with its key, or both.</summary>
internal sealed class ExecCredentialStatus
{
    public string? Token { get; set; }

    public string? ClientCertificateData { get; set; }

    public string? ClientKeyData { get; set; }

    public DateTime? ExpirationTimestamp { get; set; }
}
