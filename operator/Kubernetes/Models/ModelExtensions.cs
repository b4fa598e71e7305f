using ModelOperator.Kubernetes.Entities;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Short ways to metadata, under KubernetesClient's names.</summary>
public static class ModelExtensions
{
    /// <summary>The name; empty when the server has yet to make one.</summary>
    public static string Name(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Name ?? "";

    /// <summary>The namespace; null for cluster-wide objects.</summary>
    public static string? Namespace(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.NamespaceProperty;

    public static string? Uid(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Uid;

    public static string? ResourceVersion(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.ResourceVersion;

    public static long? Generation(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Generation;

    public static DateTime? CreationTimestamp(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.CreationTimestamp;

    public static DateTime? DeletionTimestamp(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.DeletionTimestamp;

    public static IDictionary<string, string>? Labels(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Labels;

    public static IDictionary<string, string>? Annotations(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Annotations;

    public static IList<string>? Finalizers(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Finalizers;

    public static IList<V1OwnerReference>? OwnerReferences(this IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.OwnerReferences;

    /// <summary>The value of a label, or null.</summary>
    public static string? GetLabel(this IKubernetesObject<V1ObjectMeta> entity, string key) =>
        entity.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;

    /// <summary>The value of an annotation, or null.</summary>
    public static string? GetAnnotation(this IKubernetesObject<V1ObjectMeta> entity, string key) =>
        entity.Metadata.Annotations is { } annotations && annotations.TryGetValue(key, out var value) ? value : null;

    /// <summary>Sets a label.</summary>
    public static void SetLabel(this IKubernetesObject<V1ObjectMeta> entity, string key, string value) =>
        (entity.Metadata.Labels ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;

    /// <summary>Sets an annotation.</summary>
    public static void SetAnnotation(this IKubernetesObject<V1ObjectMeta> entity, string key, string value) =>
        (entity.Metadata.Annotations ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;

    public static bool HasFinalizer(this IKubernetesObject<V1ObjectMeta> entity, string finalizer) =>
        entity.Metadata.Finalizers?.Contains(finalizer) == true;

    /// <summary>Adds a finalizer; false when it was there.</summary>
    public static bool AddFinalizer(this IKubernetesObject<V1ObjectMeta> entity, string finalizer)
    {
        if (entity.HasFinalizer(finalizer))
        {
            return false;
        }

        (entity.Metadata.Finalizers ??= []).Add(finalizer);
        return true;
    }

    /// <summary>Takes a finalizer away; false when it was not there.</summary>
    public static bool RemoveFinalizer(this IKubernetesObject<V1ObjectMeta> entity, string finalizer) =>
        entity.Metadata.Finalizers?.Remove(finalizer) == true;

    /// <summary>The owner that controls the object, or null.</summary>
    public static V1OwnerReference? GetController(this IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    /// <summary>Whether one of the object's owners has the UID of <paramref name="owner"/>.</summary>
    public static bool IsOwnedBy(this IKubernetesObject<V1ObjectMeta> entity, IKubernetesObject<V1ObjectMeta> owner) =>
        owner.Uid() is { } uid && entity.Metadata.OwnerReferences?.Any(reference => reference.Uid == uid) == true;

    /// <summary>Adds an owner, or replaces the reference to the same owner.</summary>
    public static void AddOwnerReference(this IKubernetesObject<V1ObjectMeta> entity, V1OwnerReference owner)
    {
        var owners = entity.Metadata.OwnerReferences ??= [];
        for (var i = 0; i < owners.Count; i++)
        {
            if (owners[i].Uid == owner.Uid)
            {
                owners[i] = owner;
                return;
            }
        }

        owners.Add(owner);
    }

    /// <summary>A reference that makes <paramref name="entity"/> an owner. The entity must have come from the server.</summary>
    /// <exception cref="InvalidOperationException">The entity has no UID.</exception>
    public static V1OwnerReference CreateOwnerReference(
        this IKubernetesObject<V1ObjectMeta> entity, bool? controller = null, bool? blockDeletion = null)
    {
        var kind = EntityMetadata.For(entity.GetType());
        return new V1OwnerReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Name = entity.Name(),
            Uid = entity.Uid() ?? throw new InvalidOperationException($"{kind.Kind} {entity.Name()} has no UID yet: it cannot own anything"),
            Controller = controller,
            BlockOwnerDeletion = blockDeletion,
        };
    }

    /// <summary>A reference to the entity as it is now.</summary>
    public static V1ObjectReference CreateObjectReference(this IKubernetesObject<V1ObjectMeta> entity)
    {
        var kind = EntityMetadata.For(entity.GetType());
        return new V1ObjectReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            NamespaceProperty = entity.Namespace(),
            Name = entity.Name(),
            Uid = entity.Uid(),
            ResourceVersion = entity.ResourceVersion(),
        };
    }
}
