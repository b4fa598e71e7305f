namespace ModelOperator.Kubernetes.Client;

/// <summary>The token of requests. One from a file is read again every minute; when that fails the last one stays in use.</summary>
internal sealed class BearerToken(KubernetesClientConfiguration configuration, TimeProvider timeProvider)
{
    private static readonly TimeSpan FileLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private string? _fromFile;
    private long _readAt;

    /// <summary>The token to send, or null for none.</summary>
    /// <exception cref="KubernetesConfigurationException">The file has never been readable, or is empty.</exception>
    public string? Current()
    {
        if (configuration.AccessToken is not null || configuration.TokenFile is not { } path)
        {
            return configuration.AccessToken;
        }

        lock (_gate)
        {
            if (_fromFile is null || timeProvider.GetElapsedTime(_readAt) >= FileLifetime)
            {
                _fromFile = Read(path) ?? _fromFile ?? throw new KubernetesConfigurationException($"token file {path} cannot be read or is empty");
                _readAt = timeProvider.GetTimestamp();
            }

            return _fromFile;
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
