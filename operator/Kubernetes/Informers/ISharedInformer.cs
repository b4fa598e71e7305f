namespace ModelOperator.Kubernetes.Informers;

/// <summary>An informer of whichever kind.</summary>
internal interface ISharedInformer
{
    string Resource { get; }

    Task WaitForSyncAsync(CancellationToken cancellationToken);

    Task RunAsync(CancellationToken cancellationToken);
}
