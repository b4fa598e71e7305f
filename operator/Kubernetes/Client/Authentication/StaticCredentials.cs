namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>The same credential for the life of the client.</summary>
internal sealed class StaticCredentials(RequestCredential credential) : ICredentialSource
{
    public ValueTask<RequestCredential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);

    public bool Refuse(RequestCredential refused) => false;

    public void Dispose()
    {
    }
}
