using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>An entry of <c>clusters</c>: where the server is and how it is known.</summary>
internal sealed class ClusterSection(KubeconfigFile file, string name, KubeconfigCluster cluster)
{
    public KubernetesClientConfiguration Read(ConfigurationWarnings warnings)
    {
        var pem = FileContent.Of(file, Field("certificate-authority"), cluster.CertificateAuthorityData, cluster.CertificateAuthority);
        if (cluster.InsecureSkipTlsVerify)
        {
            if (pem is not null)
            {
                throw file.Fault(Field("insecure-skip-tls-verify"), "and certificate-authority exclude each other");
            }

            warnings.Add($"kubeconfig {file.Path}: {Field("insecure-skip-tls-verify")} is true: whoever answers at {Server().Authority} is believed");
        }

        return new KubernetesClientConfiguration
        {
            Server = Server(),
            CertificateAuthorities = pem is null ? null : Authorities(pem.Pem),
            CertificateAuthorityFile = pem?.Path,
            SkipTlsVerify = cluster.InsecureSkipTlsVerify,
            TlsServerName = string.IsNullOrEmpty(cluster.TlsServerName) ? null : cluster.TlsServerName,
            Proxy = Proxy(),
            DisableCompression = cluster.DisableCompression,
            Warnings = warnings,
        };
    }

    private Uri Server()
    {
        if (string.IsNullOrEmpty(cluster.Server))
        {
            throw file.Fault(Field("server"), "is missing");
        }

        if (!Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw file.Fault(Field("server"), "is not an http or https address");
        }

        return new UriBuilder(server) { Query = "", Fragment = "", UserName = "", Password = "" }.Uri;
    }

    private Uri? Proxy()
    {
        if (string.IsNullOrEmpty(cluster.ProxyUrl))
        {
            return null;
        }

        // The address may hold a password, so it is never quoted.
        return Uri.TryCreate(cluster.ProxyUrl, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw file.Fault(Field("proxy-url"), "is not an http, https or socks5 address");
    }

    private X509Certificate2Collection Authorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw file.Fault(Field("certificate-authority"), "holds no valid PEM certificates", error);
        }

        return authorities.Count > 0 ? authorities : throw file.Fault(Field("certificate-authority"), "holds no PEM certificate");
    }

    private string Field(string field) => $"clusters[{name}].cluster.{field}";
}
