namespace ModelOperator.DevCluster.Controllers;

/// <summary>One of the cluster's own controllers. Made before the informers run, run after they have synced.</summary>
internal interface IClusterController : IDisposable
{
    Task RunAsync(CancellationToken cancellationToken);
}
