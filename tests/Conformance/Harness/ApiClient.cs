using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>Plain HTTP to an API server with the credentials of a kubeconfig: nothing between a test and what the server says.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly KubernetesClientConfiguration _configuration;

    public ApiClient(string kubeconfig)
    {
        _configuration = KubernetesClientConfiguration.BuildFromConfigFile(kubeconfig);
        Http = new HttpClient(Handler(_configuration)) { BaseAddress = _configuration.Server, Timeout = Patience };
        if (_configuration.AccessToken is { } token)
        {
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public HttpClient Http { get; }

    /// <summary>A client that shows no credentials.</summary>
    public HttpClient Anonymous() => new(Handler(_configuration, anonymous: true)) { BaseAddress = _configuration.Server, Timeout = Patience };

    public Task<Reply> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        var content = body is null ? null : new StringContent(body, Encoding.UTF8);
        if (content is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return SendAsync(method, path, content, accept);
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, string? accept)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new Reply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Content.Headers.ContentType?.ToString(),
            [.. response.Headers.Warning.Select(warning => warning.Text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal))],
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => Http.Dispose();

    private static SocketsHttpHandler Handler(KubernetesClientConfiguration configuration, bool anonymous = false)
    {
        var tls = new SslClientAuthenticationOptions();
        if (configuration.CertificateAuthorities is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (!anonymous && configuration.ClientCertificate is { } certificate)
        {
            tls.ClientCertificates = [certificate];
        }

        return new SocketsHttpHandler { SslOptions = tls, UseProxy = false, MaxConnectionsPerServer = 200 };
    }
}
