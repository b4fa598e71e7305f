namespace ModelOperator.Kubernetes.Client;

/// <summary>The token of requests. One from a file is read again every minute; when that fails the last one stays in use.</summary>
internal sealed class BearerToken(KubernetesClientConfiguration configuration, TimeProvider timeProvider)
{
    private static readonly TimeSpan FileLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private string? fromFile;
    private long readAt;

    /// <summary>The token to send, or null for none.</summary>
    /// <exception cref="KubernetesConfigurationException">The file has never been readable, or is empty.</exception>
    public string? Current()
    {
        if (configuration.AccessToken is not null || configuration.TokenFile is not { } path)
        {
            return configuration.AccessToken;
        }

        lock (gate)
        {
            if (fromFile is null || timeProvider.GetElapsedTime(readAt) >= FileLifetime)
            {
                fromFile = Read(path) ?? fromFile ?? throw new KubernetesConfigurationException($"token file {path} cannot be read or is empty");
                readAt = timeProvider.GetTimestamp();
            }

            return fromFile;
        }
    }

    private static string? Read(string path)
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length > 0 ? token : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
