namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Gives requests their credentials.</summary>
internal interface ICredentialSource : IDisposable
{
    /// <exception cref="CredentialsException">There are none to be had.</exception>
    ValueTask<RequestCredential> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server answered 401 to this credential: it is not given out again if a newer one can be had.</summary>
    /// <returns>Whether asking again can bring another one.</returns>
    bool Refuse(RequestCredential refused);
}
