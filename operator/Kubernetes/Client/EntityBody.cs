using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What of an entity goes over the wire in each kind of write.</summary>
internal static class EntityBody
{
    private static readonly string[] OwnableMetadata =
        ["name", "namespace", "labels", "annotations", "ownerReferences", "finalizers"];

    /// <summary>All of it, for create and update.</summary>
    public static JsonObject Whole<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = JsonSerializer.SerializeToNode(entity, KubernetesJson.Options)!.AsObject();
        Identify<T>(body);
        return body;
    }

    /// <summary>What a manager can own through server-side apply: no status, and no metadata that the server keeps.</summary>
    public static JsonObject Apply<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = Whole(entity);
        body.Remove("status");
        body["metadata"] = Select(body["metadata"]!.AsObject(), OwnableMetadata);
        return body;
    }

    /// <summary>The status and the names it belongs to.</summary>
    public static JsonObject ApplyStatus<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var whole = Whole(entity);
        var status = whole["status"]
            ?? throw new ArgumentException($"{typeof(T).Name} {entity.Name()} has no status to apply", nameof(entity));
        whole.Remove("status");
        var body = new JsonObject { ["metadata"] = Select(whole["metadata"]!.AsObject(), ["name", "namespace"]), ["status"] = status };
        Identify<T>(body);
        return body;
    }

    private static void Identify<T>(JsonObject body)
    {
        var kind = EntityMetadata.For<T>();
        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
    }

    private static JsonObject Select(JsonObject from, IEnumerable<string> names)
    {
        var selected = new JsonObject();
        foreach (var name in names)
        {
            if (from[name] is { } value)
            {
                selected[name] = value.DeepClone();
            }
        }

        return selected;
    }
}
