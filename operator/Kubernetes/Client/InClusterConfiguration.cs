using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What the kubelet puts into every pod that has a service account.</summary>
internal static class InClusterConfiguration
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsAvailable =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(ServiceAccount + "/token");

    public static KubernetesClientConfiguration Load() => Load(
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"), ServiceAccount);

    public static KubernetesClientConfiguration Load(string? host, string? port, string directory)
    {
        var (token, authority, namespaceFile) = (directory + "/token", directory + "/ca.crt", directory + "/namespace");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new KubernetesConfigurationException("this is not a pod: KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set");
        }

        if (!File.Exists(token))
        {
            throw new KubernetesConfigurationException($"{token} does not exist: the pod has no service account token");
        }

        var address = host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server))
        {
            throw new KubernetesConfigurationException($"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT make no address: {address}");
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(authority);
        }
        catch (Exception error) when (error is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigurationException($"{authority}: cannot be read as certificates: {error.Message}", error);
        }

        var namespaceName = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "";
        return new KubernetesClientConfiguration
        {
            Server = server,
            CertificateAuthorities = authorities,
            CertificateAuthorityFile = authority,
            TokenFile = token,
            Namespace = namespaceName.Length > 0 ? namespaceName : "default",
        };
    }
}
