using System.Collections.Concurrent;
using System.Reflection;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Entities;

/// <summary>Where the API serves a kind.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version inside the group.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Plural">The plural, as it stands in paths.</param>
/// <param name="Scope">Whether objects live in a namespace.</param>
public sealed record EntityMetadata(string Group, string Version, string Kind, string Plural, EntityScope Scope)
{
    private static readonly ConcurrentDictionary<Type, EntityMetadata?> Known = new();

    /// <summary>What stands in <c>apiVersion</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The name that identifies the kind in a cluster, for example <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>What the type's <see cref="KubernetesEntityAttribute"/> says.</summary>
    /// <exception cref="InvalidOperationException">The type has no such attribute.</exception>
    public static EntityMetadata For<T>() => For(typeof(T));

    /// <inheritdoc cref="For{T}"/>
    public static EntityMetadata For(Type type) =>
        Find(type) ?? throw new InvalidOperationException($"{type.FullName} has no [KubernetesEntity] attribute");

    /// <summary>The same; null for a type without the attribute, of which objects of many kinds may be.</summary>
    internal static EntityMetadata? Find(Type type) => Known.GetOrAdd(type, static key =>
    {
        if (key.IsGenericType && key.GetGenericTypeDefinition() == typeof(PartialObjectMetadata<>))
        {
            return For(key.GetGenericArguments()[0]);
        }

        return key.GetCustomAttribute<KubernetesEntityAttribute>() is { } entity
            ? new EntityMetadata(
                entity.Group,
                entity.ApiVersion,
                entity.Kind,
                entity.PluralName,
                key.GetCustomAttribute<EntityScopeAttribute>()?.Scope ?? EntityScope.Namespaced)
            : null;
    });

    /// <summary>
    /// The path of the kind's collection, of a namespace or (null) of the whole cluster, for example
    /// <c>/apis/apps/v1/namespaces/default/deployments</c>.
    /// </summary>
    public string CollectionPath(string? namespaceName)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return namespaceName is null || Scope == EntityScope.Cluster
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(namespaceName)}/{Plural}";
    }
}
