namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Makes credentials that last for a time.</summary>
internal interface ICredentialProvider
{
    /// <summary>Whether the last credential may be used on when no newer one can be had.</summary>
    bool KeepsLast { get; }

    /// <exception cref="CredentialsException">None could be made.</exception>
    Task<ObtainedCredential> ObtainAsync(CancellationToken cancellationToken);
}
