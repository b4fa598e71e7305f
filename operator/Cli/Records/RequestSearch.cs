using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Logs;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Records;

/// <summary>Looks for a request in the access logs of the routers, as far as those are kept.</summary>
internal sealed class RequestSearch(ModelCluster cluster, string namespaceName, TimeSpan since)
{
    private const int MostRouters = 20;
    private const long MostBytes = 32 * 1024 * 1024;

    /// <summary>How many routers were asked.</summary>
    public int Routers { get; private set; }

    public async Task<LoggedRequest?> FindAsync(string requestId, CancellationToken cancellationToken)
    {
        var pods = await cluster.Client.ListAsync<V1Pod>(
            namespaceName, $"{LabelNames.AppComponent}=router,{LabelNames.AppPartOf}={ApiGroup.FieldManager}", cancellationToken: cancellationToken);
        var routers = pods.Items.Take(MostRouters).ToList();
        Routers = routers.Count;
        var log = new PodLog(cluster.Paths);
        var range = new LogRange { Since = since, MostBytes = MostBytes };
        foreach (var router in routers)
        {
            if (await FindAsync(log, router, range, requestId, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static async Task<LoggedRequest?> FindAsync(PodLog log, V1Pod router, LogRange range, string requestId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in log.LinesAsync(router.Namespace()!, router.Name(), range, cancellationToken))
            {
                if (LoggedRequest.Read(line, requestId) is { } found)
                {
                    return found;
                }
            }
        }
        catch (KubernetesException refusal) when (!refusal.IsForbidden && !refusal.IsUnauthorized)
        {
            // A router that has just started or is gone has no log; another one may know the request.
        }

        return null;
    }
}
