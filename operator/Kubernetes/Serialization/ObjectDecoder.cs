using System.Text.Json;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>Reads the objects of lists and watches, and says of those it cannot use what is wrong with them.</summary>
internal static class ObjectDecoder<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // Null for a type that stands for objects of any kind.
    private static readonly EntityMetadata? Kind = EntityMetadata.Find(typeof(T));

    /// <param name="json">The object.</param>
    /// <param name="onInvalid">Is told what is wrong; null: that is thrown.</param>
    /// <returns>Null when the object cannot be used.</returns>
    /// <exception cref="JsonException">The object cannot be used, and nobody is to be told.</exception>
    public static T? Read(ReadOnlySpan<byte> json, Action<InvalidObject>? onInvalid)
    {
        T? entity;
        try
        {
            entity = JsonSerializer.Deserialize<T>(json, KubernetesJson.Options);
        }
        catch (JsonException error) when (onInvalid is not null && KeyOf(json) is { } key)
        {
            onInvalid(new InvalidObject("json", error.Message, key));
            return null;
        }

        if (Flaw(entity) is not { } flaw)
        {
            entity!.ApiVersion ??= Kind?.ApiVersion;
            entity.Kind ??= Kind?.Kind;
            return entity;
        }

        if (onInvalid is null)
        {
            throw new JsonException(flaw.Detail);
        }

        onInvalid(flaw);
        return null;
    }

    private static InvalidObject? Flaw(T? entity)
    {
        if (entity is null)
        {
            return new InvalidObject("json", "the object is null", null);
        }

        if (Kind is not null && entity.Kind is { } kind && kind != Kind.Kind && kind != "PartialObjectMetadata")
        {
            return new InvalidObject("kind", $"the object is a {kind}, not a {Kind.Kind}", null);
        }

        return ResourceVersions.IsImpossible(entity.ResourceVersion())
            ? new InvalidObject("version", $"its resourceVersion is {entity.ResourceVersion()}", KeyOf(entity))
            : null;
    }

    private static ObjectKey? KeyOf(IKubernetesObject<V1ObjectMeta> entity) => entity.Name().Length > 0 ? entity.Key() : null;

    private static ObjectKey? KeyOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<PartialObjectMetadata<T>>(json, KubernetesJson.Options) is { } partial ? KeyOf(partial) : null;
        }
        catch (JsonException)
        {
            // Not even its name can be read: the caller tells the error that it has.
            return null;
        }
    }
}
