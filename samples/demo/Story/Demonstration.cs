using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Demo.Story;

/// <summary>Installs the product into a fresh cluster and plays the story there.</summary>
internal sealed class Demonstration(Repository repository, DevClusterProcess cluster, Timeline timeline, Claims claims, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var kubectl = new Kubectl(cluster.Kubeconfig);
        using var client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(cluster.Kubeconfig));
        var installation = new Installation(repository, kubectl, new Helm(cluster.Kubeconfig), client, cluster.Kubeconfig);
        await installation.InstallAsync(what => timeline.Say("you", what), cancellationToken);

        var deployments = new Informer<V1Alpha1ModelDeployment>(client, new InformerOptions { NamespaceName = "default" }, time, NullLogger.Instance);
        var routes = new Informer<V1Alpha1ModelRoute>(client, new InformerOptions { NamespaceName = "default" }, time, NullLogger.Instance);
        var follower = new DeploymentFollower(deployments, routes, "digits", timeline, time);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var informers = Task.WhenAll(deployments.RunAsync(following.Token), routes.RunAsync(following.Token));

        using var http = new HttpClient();
        var story = new DigitsStory(
            repository, kubectl, installation, new RouterCounters(client, http), follower, timeline, claims, time);
        try
        {
            await story.PlayAsync(cancellationToken);
        }
        finally
        {
            await following.CancelAsync();
            await informers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
