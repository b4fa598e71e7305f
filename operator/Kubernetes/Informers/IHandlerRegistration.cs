namespace ModelOperator.Kubernetes.Informers;

/// <summary>A handler's place at an informer.</summary>
public interface IHandlerRegistration
{
    /// <summary>Whether the handler has been called for every object of the first list.</summary>
    bool HasSynced { get; }

    /// <summary>Completes when <see cref="HasSynced"/> turns true.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
