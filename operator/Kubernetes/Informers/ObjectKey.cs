namespace ModelOperator.Kubernetes.Informers;

/// <summary>The identity of an object inside its kind; the namespace of a cluster-wide object is empty.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
