using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using ModelOperator.Kubernetes.Client.Kubeconfig;

namespace ModelOperator.Kubernetes.Client;

/// <summary>How to reach a cluster and as whom.</summary>
public sealed class KubernetesClientConfiguration
{
    /// <summary>The address of the API server; a path in it is kept.</summary>
    public required Uri Server { get; init; }

    /// <summary>The namespace that commands are about when they name none.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The only roots that the server's certificate may lead to; null: the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Takes any server certificate. Never for production.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The name expected in the server's certificate when it is not the address's.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The certificate, with its key, that the client shows.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>A bearer token; goes before <see cref="TokenFile"/>.</summary>
    public string? AccessToken { get; init; }

    /// <summary>A file with a bearer token, read again every minute because it rotates.</summary>
    public string? TokenFile { get; init; }

    /// <summary>What the server's audit log knows the client by.</summary>
    public string UserAgent { get; init; } = DefaultUserAgent();

    /// <summary>The way kubectl and controllers find a cluster: <c>KUBECONFIG</c>, else the pod's service account, else <c>~/.kube/config</c>.</summary>
    /// <exception cref="KubernetesConfigurationException">None is there, or what is there cannot be used.</exception>
    public static KubernetesClientConfiguration BuildDefault()
    {
        var paths = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrWhiteSpace(paths))
        {
            return KubeconfigLoader.LoadList(paths, context: null);
        }

        if (InClusterConfiguration.IsAvailable)
        {
            return InClusterConfiguration.Load();
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home)
            ? KubeconfigLoader.Load(home, context: null)
            : throw new KubernetesConfigurationException(
                $"no cluster is configured: KUBECONFIG is not set, this is not a pod with a service account, and {home} does not exist");
    }

    /// <summary>Reads one kubeconfig file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="context">The context to use; null: the file's current-context.</param>
    /// <exception cref="KubernetesConfigurationException">The file is missing or cannot be used.</exception>
    public static KubernetesClientConfiguration BuildFromConfigFile(string path, string? context = null) =>
        KubeconfigLoader.Load(path, context);

    /// <summary>The service account of the pod that this process runs in.</summary>
    /// <exception cref="KubernetesConfigurationException">This is no pod, or it has no service account.</exception>
    public static KubernetesClientConfiguration InClusterConfig() => InClusterConfiguration.Load();

    private static string DefaultUserAgent()
    {
        var program = (Assembly.GetEntryAssembly() ?? typeof(KubernetesClientConfiguration).Assembly).GetName();
        return $"{program.Name}/{program.Version?.ToString(3) ?? "0"}";
    }
}
