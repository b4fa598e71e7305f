namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>Makes a configuration of kubeconfig files, merged as kubectl merges them: the first file that has an entry wins.</summary>
internal static class KubeconfigLoader
{
    public static KubernetesClientConfiguration Load(string path, string? context) =>
        Build([KubeconfigFile.Read(path)], context, new ConfigurationWarnings());

    /// <param name="paths">Paths as in <c>KUBECONFIG</c>; those that do not exist are passed over with a warning, as kubectl does.</param>
    /// <param name="context">The context to use; null: the current-context.</param>
    public static KubernetesClientConfiguration LoadList(string paths, string? context)
    {
        var warnings = new ConfigurationWarnings();
        var files = new List<KubeconfigFile>();
        var distinct = paths
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal);
        foreach (var path in distinct)
        {
            if (File.Exists(path))
            {
                files.Add(KubeconfigFile.Read(path));
            }
            else
            {
                warnings.Add($"kubeconfig {path}, named by KUBECONFIG, does not exist");
            }
        }

        return files.Count > 0
            ? Build(files, context, warnings)
            : throw new KubernetesConfigurationException($"KUBECONFIG names no file that exists: {paths}");
    }

    private static KubernetesClientConfiguration Build(List<KubeconfigFile> files, string? contextName, ConfigurationWarnings warnings)
    {
        var names = string.Join(Path.PathSeparator, files.Select(file => file.Path));
        contextName ??= files.Select(file => file.Document.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name))
            ?? throw new KubernetesConfigurationException($"kubeconfig {names} has no current-context");

        var (contextFile, context) = Find(files, "contexts", contextName, document => document.Contexts, entry => entry.Name, entry => entry.Context);
        if (string.IsNullOrEmpty(context.Cluster))
        {
            throw contextFile.Fault($"contexts[{contextName}].context.cluster", "is missing");
        }

        var (clusterFile, cluster) = Find(
            files, "clusters", context.Cluster, document => document.Clusters, entry => entry.Name, entry => entry.Cluster);
        var (userFile, user) = string.IsNullOrEmpty(context.User)
            ? (contextFile, new KubeconfigUser())
            : Find(files, "users", context.User, document => document.Users, entry => entry.Name, entry => entry.User);

        var configuration = new ClusterSection(clusterFile, context.Cluster, cluster).Read(warnings);
        configuration = new UserSection(userFile, context.User, user).ReadInto(configuration, cluster.Extensions);
        return string.IsNullOrEmpty(context.Namespace) ? configuration : configuration with { Namespace = context.Namespace };
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
            if (entriesOf(file.Document)?.Find(entry => entry is not null && nameOf(entry) == name) is { } found)
            {
                return (file, valueOf(found) ?? throw file.Fault($"{field}[{name}]", "is empty"));
            }
        }

        throw files[0].Fault(field, $"has no entry named \"{name}\"");
    }
}
