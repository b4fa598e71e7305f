namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Reads a bearer token from a file, as the kubelet keeps one in every pod.</summary>
internal sealed class TokenFileProvider(string path, TimeProvider timeProvider) : ICredentialProvider
{
    // client-go: a minute, less a leeway of ten seconds.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(50);

    public bool KeepsLast => true;

    /// <summary>When a token read now is read again.</summary>
    public DateTimeOffset RenewAt => timeProvider.GetUtcNow() + Lifetime;

    public async Task<ObtainedCredential> ObtainAsync(CancellationToken cancellationToken)
    {
        string token;
        try
        {
            token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CredentialsException($"token file {path} cannot be read: {error.Message}", error);
        }

        if (token.Length == 0)
        {
            throw new CredentialsException($"token file {path} is empty");
        }

        if (token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            throw new CredentialsException($"token file {path} holds something else than a token");
        }

        return new ObtainedCredential(RequestCredential.Bearer(token), RenewAt);
    }
}
