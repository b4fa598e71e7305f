using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>The index of objects by the UIDs of their owners.</summary>
public static class OwnerIndex
{
    private const string Name = "\0owner";

    /// <summary>Adds the index; call before the informer is started.</summary>
    public static void AddOwnerIndex<T>(this IInformer<T> informer)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        informer.AddIndex(Name, entity => entity.OwnerReferences()?.Select(owner => owner.Uid) ?? []);

    /// <summary>The objects that an owner owns, controlling them or not.</summary>
    public static IReadOnlyList<T> OwnedBy<T>(this IInformer<T> informer, string ownerUid)
        where T : class, IKubernetesObject<V1ObjectMeta> => informer.ByIndex(Name, ownerUid);
}
