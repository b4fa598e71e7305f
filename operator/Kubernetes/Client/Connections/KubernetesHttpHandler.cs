using System.Net;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>How connections to an API server are kept.</summary>
internal static class KubernetesHttpHandler
{
    public static SocketsHttpHandler Create(KubernetesClientConfiguration configuration, TlsMaterial material, ServerConnector connector)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            // A dead peer is noticed within 45 s, as client-go does.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionLifetime = TimeSpan.FromMinutes(30),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = configuration.DisableCompression ? DecompressionMethods.None : DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = configuration.Proxy is not null || !configuration.Server.IsLoopback,
            Proxy = configuration.Proxy is { } address ? Proxy(address) : null,
            ConnectCallback = connector.ConnectAsync,
        };
        material.ApplyTo(handler.SslOptions, configuration.SkipTlsVerify);
        return handler;
    }

    /// <summary>
    /// Whether the connector says <c>tls-server-name</c> in the handshake. Through a proxy the handler makes the
    /// handshake and takes the name from the Host header.
    /// </summary>
    public static bool NamesServerOnConnect(KubernetesClientConfiguration configuration) =>
        configuration is { TlsServerName: not null, Server.Scheme: "https" } && !IsProxied(configuration);

    private static bool IsProxied(KubernetesClientConfiguration configuration) =>
        configuration.Proxy is not null
        || (!configuration.Server.IsLoopback && !HttpClient.DefaultProxy.IsBypassed(configuration.Server));

    private static WebProxy Proxy(Uri address)
    {
        var user = address.UserInfo.Split(':', 2);
        return new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri)
        {
            Credentials = address.UserInfo.Length == 0
                ? null
                : new NetworkCredential(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? "")),
        };
    }
}
