using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What to ask for, so that the server sends no more of a kind than its type holds.</summary>
internal static class MediaTypes
{
    // A server that knows no partial objects sends whole ones, of which the same is read.
    private const string Partial = ";g=meta.k8s.io;v=v1,application/json;q=0.5";

    public static string List<T>() => IsPartial<T>() ? "application/json;as=PartialObjectMetadataList" + Partial : KubernetesTransport.Json;

    public static string Watch<T>() => IsPartial<T>() ? "application/json;as=PartialObjectMetadata" + Partial : KubernetesTransport.Json;

    private static bool IsPartial<T>() => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(PartialObjectMetadata<>);
}
