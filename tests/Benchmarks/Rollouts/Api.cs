using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>A Kubernetes API that knows the product's kinds and how to serve a model, and runs nothing.</summary>
internal sealed class Api : IAsyncDisposable
{
    private readonly DevClusterProcess _cluster;

    private Api(DevClusterProcess cluster, Repository repository)
    {
        (_cluster, Repository) = (cluster, repository);
        Client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(cluster.Kubeconfig));
    }

    public Repository Repository { get; }

    public string Kubeconfig => _cluster.Kubeconfig;

    public KubernetesClient Client { get; }

    public static async Task<Api> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var repository = Repository.Find();
        var cluster = await DevClusterProcess.StartAsync(repository, Path.Combine(directory, "api"), TimeProvider.System, cancellationToken, withNode: false);
        var kubectl = new Kubectl(cluster.Kubeconfig);
        await kubectl.RunAsync(cancellationToken, "apply", "-f", repository.PathOf("crds"));
        await kubectl.RunAsync(cancellationToken, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await kubectl.RunAsync(cancellationToken, "create", "namespace", Installation.SystemNamespace);
        await kubectl.RunAsync(cancellationToken, "apply", "-f", repository.PathOf("samples", "quickstart", "serving-runtime.yaml"));
        return new Api(cluster, repository);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _cluster.DisposeAsync();
    }
}
