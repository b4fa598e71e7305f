namespace ModelOperator.Kubernetes.Client;

/// <summary>The whole of a list, all pages joined.</summary>
/// <param name="ResourceVersion">The version the list was taken at; a watch continues from it.</param>
public sealed record KubernetesList<T>(IReadOnlyList<T> Items, string ResourceVersion);
