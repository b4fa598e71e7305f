using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>Makes a configuration of kubeconfig files, merged as kubectl merges them: the first file that has an entry wins.</summary>
internal static class KubeconfigLoader
{
    public static KubernetesClientConfiguration Load(string path, string? context) => Build([KubeconfigFile.Read(path)], context);

    /// <param name="paths">Paths as in <c>KUBECONFIG</c>; those that do not exist are passed over, as kubectl does.</param>
    /// <param name="context">The context to use; null: the current-context.</param>
    public static KubernetesClientConfiguration LoadList(string paths, string? context)
    {
        var files = paths
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal)
            .Where(File.Exists)
            .Select(KubeconfigFile.Read)
            .ToList();
        return files.Count > 0
            ? Build(files, context)
            : throw new KubernetesConfigurationException($"KUBECONFIG names no file that exists: {paths}");
    }

    private static KubernetesClientConfiguration Build(List<KubeconfigFile> files, string? contextName)
    {
        var names = string.Join(Path.PathSeparator, files.Select(file => file.Path));
        contextName ??= files.Select(file => file.Document.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name))
            ?? throw new KubernetesConfigurationException($"kubeconfig {names} has no current-context");

        var (contextFile, context) = Find(files, "contexts", contextName, document => document.Contexts, entry => entry.Name, entry => entry.Context);
        if (string.IsNullOrEmpty(context.Cluster))
        {
            throw Fault(contextFile, $"contexts[{contextName}].context.cluster", "is missing");
        }

        var (clusterFile, cluster) = Find(
            files, "clusters", context.Cluster, document => document.Clusters, entry => entry.Name, entry => entry.Cluster);
        var (userFile, user) = string.IsNullOrEmpty(context.User)
            ? (contextFile, new KubeconfigUser())
            : Find(files, "users", context.User, document => document.Users, entry => entry.Name, entry => entry.User);
        RefusePlugins(userFile, context.User, user);

        var hasToken = !string.IsNullOrEmpty(user.Token);
        return new KubernetesClientConfiguration
        {
            Server = Server(clusterFile, context.Cluster, cluster),
            Namespace = string.IsNullOrEmpty(context.Namespace) ? "default" : context.Namespace,
            CertificateAuthorities = Authorities(clusterFile, context.Cluster, cluster),
            SkipTlsVerify = cluster.InsecureSkipTlsVerify,
            TlsServerName = string.IsNullOrEmpty(cluster.TlsServerName) ? null : cluster.TlsServerName,
            ClientCertificate = ClientCertificate(userFile, context.User, user),
            AccessToken = hasToken ? user.Token : null,
            TokenFile = hasToken || string.IsNullOrEmpty(user.TokenFile) ? null : userFile.Resolve(user.TokenFile),
        };
    }

    private static (KubeconfigFile File, TValue Value) Find<TEntry, TValue>(
        List<KubeconfigFile> files,
        string field,
        string name,
        Func<KubeconfigDocument, List<TEntry>?> entriesOf,
        Func<TEntry, string?> nameOf,
        Func<TEntry, TValue?> valueOf)
        where TEntry : class
        where TValue : class
    {
        foreach (var file in files)
        {
            if (entriesOf(file.Document)?.Find(entry => nameOf(entry) == name) is { } found)
            {
                return (file, valueOf(found) ?? throw Fault(file, $"{field}[{name}]", "is empty"));
            }
        }

        throw Fault(files[0], field, $"has no entry named \"{name}\"");
    }

    private static Uri Server(KubeconfigFile file, string name, KubeconfigCluster cluster)
    {
        var field = $"clusters[{name}].cluster.server";
        if (!Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw Fault(file, field, "is not an http or https address");
        }

        return new UriBuilder(server) { Query = "", Fragment = "", UserName = "", Password = "" }.Uri;
    }

    private static X509Certificate2Collection? Authorities(KubeconfigFile file, string name, KubeconfigCluster cluster)
    {
        var field = $"clusters[{name}].cluster.certificate-authority";
        var pem = Content(file, field, cluster.CertificateAuthorityData, cluster.CertificateAuthority);
        if (pem is null)
        {
            return null;
        }

        if (cluster.InsecureSkipTlsVerify)
        {
            throw Fault(file, $"clusters[{name}].cluster.insecure-skip-tls-verify", "and certificate-authority exclude each other");
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw Fault(file, field, "holds no valid PEM certificates", error);
        }

        return authorities.Count > 0 ? authorities : throw Fault(file, field, "holds no PEM certificate");
    }

    private static X509Certificate2? ClientCertificate(KubeconfigFile file, string? name, KubeconfigUser user)
    {
        var field = $"users[{name}].user.client-certificate";
        var certificate = Content(file, field, user.ClientCertificateData, user.ClientCertificate);
        var key = Content(file, $"users[{name}].user.client-key", user.ClientKeyData, user.ClientKey);
        if (certificate is null && key is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            throw Fault(file, field, "and client-key need each other, one is missing");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Fault(file, field, "and client-key are not a PEM certificate and its key", error);
        }
    }

    private static string? Content(KubeconfigFile file, string field, string? data, string? path)
    {
        if (!string.IsNullOrEmpty(data))
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException error)
            {
                throw Fault(file, field + "-data", "is not base64", error);
            }
        }

        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            return File.ReadAllText(file.Resolve(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(file, field, $"cannot be read: {error.Message}", error);
        }
    }

    private static void RefusePlugins(KubeconfigFile file, string? name, KubeconfigUser user)
    {
        if (user.Exec is not null)
        {
            throw Fault(file, $"users[{name}].user.exec", "is not supported: use a token, a tokenFile or a client certificate");
        }

        if (user.AuthProvider is not null)
        {
            throw Fault(file, $"users[{name}].user.auth-provider", "is not supported: use a token, a tokenFile or a client certificate");
        }
    }

    private static KubernetesConfigurationException Fault(KubeconfigFile file, string field, string fault, Exception? inner = null) =>
        new($"kubeconfig {file.Path}: {field} {fault}", inner);
}
