using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using ModelOperator.Kubernetes.Client.Kubeconfig;

namespace ModelOperator.Kubernetes.Client;

/// <summary>How to reach a cluster and as whom. Files that it names are read again while the client lives, because they rotate.</summary>
public sealed record KubernetesClientConfiguration
{
    private static readonly AssemblyName Program = (Assembly.GetEntryAssembly() ?? typeof(KubernetesClientConfiguration).Assembly).GetName();

    /// <summary>The address of the API server; a path in it is kept.</summary>
    public required Uri Server { get; init; }

    /// <summary>The namespace that commands are about when they name none.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The only roots that the server's certificate may lead to; null: the system's.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>The file that <see cref="CertificateAuthorities"/> came from, read again every five minutes; null: they stay.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Takes any server certificate. Never for production.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The name expected in the server's certificate when it is not the address's.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The proxy to the server (http, https or socks5), with its user in the address; null: what the environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Asks for answers that are not compressed.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>The certificate, with its key, that the client shows.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The file that <see cref="ClientCertificate"/> came from, read again every five minutes; null: it stays.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>The file that the certificate's key came from; goes with <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>A bearer token; with <see cref="TokenFile"/> it is what to start with.</summary>
    public string? AccessToken { get; init; }

    /// <summary>A file with a bearer token, read again every minute because it rotates.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The user of HTTP basic authentication.</summary>
    public string? Username { get; init; }

    /// <summary>The password of <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The program that makes the credentials; a token or password goes before it.</summary>
    public ExecCredentialPlugin? Exec { get; init; }

    /// <summary>The user whose place is taken; null: nobody's.</summary>
    public Impersonation? Impersonation { get; init; }

    /// <summary>What the server's audit log knows the client by.</summary>
    public string UserAgent { get; init; } = DefaultUserAgent();

    /// <summary>The field manager of writes that name none.</summary>
    public string FieldManager { get; init; } = Program.Name!;

    /// <summary>What the server does about fields it does not know in a write: <c>Ignore</c>, <c>Warn</c> or <c>Strict</c>; null: its default.</summary>
    public string? FieldValidation { get; init; }

    /// <summary>How long an answer may take; the body of a watch has no limit.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Goes on on the thread pool when an answer arrives: for a program whose other sockets complete on the threads that
    /// poll them, which decoding a long list would hold up.
    /// </summary>
    public bool LeavesSocketThreads { get; init; }

    /// <summary>What a person should know about how the configuration was read.</summary>
    internal ConfigurationWarnings Warnings { get; init; } = new();

    /// <summary>The way kubectl and controllers find a cluster: <c>KUBECONFIG</c>, else the pod's service account, else <c>~/.kube/config</c>.</summary>
    /// <param name="context">The context to use, which a service account does not have; null: the current-context.</param>
    /// <exception cref="KubernetesConfigurationException">None is there, or what is there cannot be used.</exception>
    public static KubernetesClientConfiguration BuildDefault(string? context = null)
    {
        var paths = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrWhiteSpace(paths))
        {
            return KubeconfigLoader.LoadList(paths, context);
        }

        if (context is null && InClusterConfiguration.IsAvailable)
        {
            return InClusterConfiguration.Load();
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home)
            ? KubeconfigLoader.Load(home, context)
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

    /// <summary>The same, with a user agent of its own for one part of the program, such as <c>leader-election</c>.</summary>
    public KubernetesClientConfiguration For(string component) => this with { UserAgent = $"{UserAgent} {component}" };

    /// <summary>The server and the user agent; never a credential.</summary>
    public override string ToString() => $"{Server.GetLeftPart(UriPartial.Path)} as {UserAgent}";

    private static string DefaultUserAgent()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "unknown";
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return $"{Program.Name}/{Program.Version?.ToString(3) ?? "0"} ({system}/{architecture})";
    }
}
