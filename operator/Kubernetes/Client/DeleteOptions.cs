namespace ModelOperator.Kubernetes.Client;

/// <summary>How an object is deleted.</summary>
/// <param name="PropagationPolicy"><c>Foreground</c>, <c>Background</c> or <c>Orphan</c>; null leaves it to the server.</param>
/// <param name="GracePeriodSeconds">Seconds a pod gets to end; null takes the pod's own.</param>
/// <param name="Uid">Deletes only the object with this UID.</param>
/// <param name="ResourceVersion">Deletes only the object at this version.</param>
public sealed record DeleteOptions(
    string? PropagationPolicy = null, long? GracePeriodSeconds = null, string? Uid = null, string? ResourceVersion = null);
