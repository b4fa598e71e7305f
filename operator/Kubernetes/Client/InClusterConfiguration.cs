using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What the kubelet puts into every pod that has a service account.</summary>
internal static class InClusterConfiguration
{
    private const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string TokenFile = Directory + "/token";
    private const string CertificateFile = Directory + "/ca.crt";
    private const string NamespaceFile = Directory + "/namespace";

    public static bool IsAvailable =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(TokenFile);

    public static KubernetesClientConfiguration Load()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new KubernetesConfigurationException("this is not a pod: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set");
        }

        if (!File.Exists(TokenFile))
        {
            throw new KubernetesConfigurationException($"{TokenFile} does not exist: the pod has no service account token");
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(CertificateFile);
        }
        catch (Exception error) when (error is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigurationException($"{CertificateFile}: cannot be read as certificates: {error.Message}", error);
        }

        return new KubernetesClientConfiguration
        {
            Server = new Uri(host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}"),
            CertificateAuthorities = authorities,
            TokenFile = TokenFile,
            Namespace = File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : "default",
        };
    }
}
