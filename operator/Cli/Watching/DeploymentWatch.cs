using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Views;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Watching;

/// <summary>Follows one ModelDeployment with its revisions and pods.</summary>
internal sealed class DeploymentWatch(ModelCluster cluster, TimeProvider time)
{
    // What changes within this time is shown together.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>A view for each change; null when the ModelDeployment is gone. The first is the present one.</summary>
    /// <param name="name">The ModelDeployment.</param>
    /// <param name="withPods">Whether revisions and pods are followed too.</param>
    /// <param name="tick">A view also comes after this time without a change, so that ages go on; null: not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<DeploymentView?> FollowAsync(
        string name, bool withPods, TimeSpan? tick, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var owned = new InformerOptions { NamespaceName = cluster.Namespace, LabelSelector = ModelCluster.Owned(name) };
        var deployments = Informer<V1Alpha1ModelDeployment>(owned with { LabelSelector = null, FieldSelector = $"metadata.name={name}" });
        var revisions = Informer<V1Alpha1ModelRevision>(owned);
        var pods = Informer<V1Pod>(owned);
        using var changed = new SemaphoreSlim(0);
        deployments.AddHandler(_ => changed.Release());
        revisions.AddHandler(_ => changed.Release());
        pods.AddHandler(_ => changed.Release());

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = withPods
            ? Task.WhenAll(deployments.RunAsync(ending.Token), revisions.RunAsync(ending.Token), pods.RunAsync(ending.Token))
            : deployments.RunAsync(ending.Token);
        try
        {
            await deployments.WaitForSyncAsync(cancellationToken);
            if (withPods)
            {
                await Task.WhenAll(revisions.WaitForSyncAsync(cancellationToken), pods.WaitForSyncAsync(cancellationToken));
            }

            while (true)
            {
                while (changed.Wait(0, CancellationToken.None))
                {
                    // Told together with what comes next.
                }

                var deployment = deployments.Get(name, cluster.Namespace);
                yield return deployment is null
                    ? null
                    : new DeploymentView(deployment, [.. revisions.List().OrderByDescending(revision => revision.Spec.Number)], pods.List(), time.GetUtcNow());
                await changed.WaitAsync(tick ?? Timeout.InfiniteTimeSpan, cancellationToken);
                await Task.Delay(Quiet, time, cancellationToken);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Informer<T> Informer<T>(InformerOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(cluster.Client, options, time, NullLogger.Instance);
}
