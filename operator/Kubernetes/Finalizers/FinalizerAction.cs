namespace ModelOperator.Kubernetes.Finalizers;

/// <summary>What a finalizer needs next.</summary>
internal enum FinalizerAction
{
    /// <summary>Nothing: reconcile, or let it go.</summary>
    Nothing,

    /// <summary>Its identifier has to be put into the list, before anything is done that it would have to clean up.</summary>
    Attach,

    /// <summary>It has to clean up.</summary>
    Run,

    /// <summary>It has cleaned up: its identifier has to be taken out of the list.</summary>
    Detach,
}
