using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Reads Secrets, one by one and by name: the operator may list none.</summary>
internal sealed class SecretCredentials(IKubernetesClient kubernetes, TimeProvider time) : ICredentialSource, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SecretName, Entry> _entries = new();

    public async Task<PrometheusCredentials> GetAsync(SecretName secret, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_entries.TryGetValue(secret, out var known) && now - known.ReadAt < Fresh)
        {
            return known.Credentials;
        }

        var read = await ReadAsync(secret, ct);
        var version = read.Metadata.ResourceVersion;
        var credentials = known is not null && known.Version == version ? known.Credentials : Interpret(secret, read);
        _entries[secret] = new Entry(credentials, version, now);
        return credentials;
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Credentials.Client?.Dispose();
        }
    }

    private async Task<V1Secret> ReadAsync(SecretName secret, CancellationToken ct)
    {
        try
        {
            return await kubernetes.GetAsync<V1Secret>(secret.Name, secret.Namespace, ct)
                ?? throw new PrometheusException($"there is no Secret {secret.Name} in namespace {secret.Namespace} (spec.prometheus.secretRef)");
        }
        catch (Exception e) when (e is KubernetesException or HttpRequestException)
        {
            throw new PrometheusException($"Secret {secret.Name} in namespace {secret.Namespace} cannot be read (spec.prometheus.secretRef): {e.Message}", e);
        }
    }

    private static PrometheusCredentials Interpret(SecretName secret, V1Secret read)
    {
        byte[]? Bytes(string key) => read.Data?.TryGetValue(key, out var value) == true ? value : null;
        string? Text(string key) => Bytes(key) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;

        AuthenticationHeaderValue? header = (Text("token"), Text("username"), Text("password")) switch
        {
            ({ Length: > 0 } token, _, _) => new("Bearer", token),
            (_, { } user, { } password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))),
            _ => null,
        };
        var client = (Text("tls.crt"), Text("tls.key"), Text("ca.crt")) switch
        {
            (null, null, null) => null,
            ({ }, null, _) or (null, { }, _) => throw Unusable(secret, "tls.crt and tls.key go together"),
            var (certificate, key, authority) => Client(secret, certificate, key, authority),
        };
        return header is null && client is null
            ? throw Unusable(secret, "it needs token, or username and password, or tls.crt and tls.key, or ca.crt")
            : new PrometheusCredentials(header, client);
    }

    private static HttpClient Client(SecretName secret, string? certificate, string? key, string? authority)
    {
        try
        {
            var tls = new SslClientAuthenticationOptions();
            if (certificate is not null)
            {
                tls.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
            }

            if (authority is not null)
            {
                var trusted = new X509Certificate2Collection();
                trusted.ImportFromPem(authority);
                if (trusted.Count == 0)
                {
                    throw new CryptographicException("no certificate");
                }

                tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                tls.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
            }

            return AnalysisServices.CreateHttpClient(tls);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Not quoted: the text may show parts of the key.
            throw Unusable(secret, "tls.crt, tls.key or ca.crt is not PEM that can be read");
        }
    }

    private static PrometheusException Unusable(SecretName secret, string why) =>
        new($"Secret {secret.Name} in namespace {secret.Namespace} cannot be used (spec.prometheus.secretRef): {why}");

    private sealed record Entry(PrometheusCredentials Credentials, string? Version, DateTimeOffset ReadAt);
}
