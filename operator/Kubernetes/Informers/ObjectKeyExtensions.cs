using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>Keys of objects.</summary>
public static class ObjectKeyExtensions
{
    /// <summary>The object's key.</summary>
    public static ObjectKey Key(this IKubernetesObject<V1ObjectMeta> entity) => new(entity.Namespace() ?? "", entity.Name());
}
