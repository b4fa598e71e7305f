using Microsoft.Extensions.Logging;

namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Picks the source of credentials that a configuration asks for.</summary>
internal static class CredentialSources
{
    public static ICredentialSource Create(KubernetesClientConfiguration configuration, TimeProvider timeProvider, ILogger logger)
    {
        if (configuration.TokenFile is { } path)
        {
            var provider = new TokenFileProvider(path, timeProvider);
            return new RenewedCredentials(
                provider,
                timeProvider,
                logger,
                configuration.AccessToken is { } first ? new ObtainedCredential(RequestCredential.Bearer(first), provider.RenewAt) : null);
        }

        if (configuration.AccessToken is { } token)
        {
            return new StaticCredentials(RequestCredential.Bearer(token));
        }

        if (configuration.Username is { } user)
        {
            return new StaticCredentials(RequestCredential.Basic(user, configuration.Password));
        }

        return configuration.Exec is { } plugin
            ? new RenewedCredentials(new ExecCredentialProvider(plugin, configuration, timeProvider, hasTerminal: !Console.IsInputRedirected), timeProvider, logger)
            : new StaticCredentials(RequestCredential.None);
    }
}
