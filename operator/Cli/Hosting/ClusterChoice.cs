using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Cli.Hosting;

/// <summary>Which cluster a command line is about.</summary>
/// <param name="Kubeconfig">A kubeconfig file, or null.</param>
/// <param name="Context">A context of it, or null.</param>
/// <param name="Namespace">A namespace, or null.</param>
internal sealed record ClusterChoice(string? Kubeconfig, string? Context, string? Namespace)
{
    // A person waits for the answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How the cluster is reached.</summary>
    /// <exception cref="KubernetesConfigurationException">There is no configuration, or it cannot be used.</exception>
    public KubernetesClientConfiguration Configure()
    {
        var found = Kubeconfig is { } path
            ? KubernetesClientConfiguration.BuildFromConfigFile(path, Context)
            : KubernetesClientConfiguration.BuildDefault(Context);
        return found with { Namespace = Namespace ?? found.Namespace, FieldManager = KubectlModel.Name, RequestTimeout = Patience };
    }
}
