using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>An API server's storage without the server: versions, generations, conflicts, merge patches. It counts writes.</summary>
internal sealed class FakeCluster : IKubernetesClient
{
    private readonly SortedDictionary<(string Kind, string Namespace, string Name), JsonObject> _objects = [];
    private long _version;

    public List<string> Writes { get; } = [];

    /// <summary>The operator dies when this many more writes have been made.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    /// <summary>Says why a write is refused; null for one that is not.</summary>
    public Func<string, KubernetesException?>? Refuse { get; set; }

    /// <summary>Called after every write of the operator.</summary>
    public Action? Written { get; set; }

    public IReadOnlyList<T> All<T>()
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        [.. _objects.Where(entry => entry.Key.Kind == KindOf<T>()).Select(entry => Read<T>(entry.Value))];

    public Task<T?> GetAsync<T>(string name, string? namespaceName = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Task.FromResult(_objects.TryGetValue((KindOf<T>(), namespaceName ?? "", name), out var found) ? Read<T>(found) : null);

    public Task<KubernetesList<T>> ListAsync<T>(ListOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> CreateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_objects.ContainsKey(Key(entity)))
        {
            throw Refusal("AlreadyExists", $"{typeof(T).Name} {entity.Name()} exists");
        }

        var stored = Write(entity);
        stored.Remove("status");
        var metadata = stored["metadata"]!.AsObject();
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["generation"] = 1L;
        return Store<T>("create", Key(entity), stored);
    }

    public Task<T> UpdateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => ApplyAsync(entity, fieldManager ?? "test", true, cancellationToken);

    public Task<T> UpdateStatusAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var stored = _objects[Key(entity)].DeepClone().AsObject();
        if ((string?)stored["metadata"]!["resourceVersion"] != entity.Metadata.ResourceVersion)
        {
            throw Refusal("Conflict", "the object has been modified");
        }

        stored["status"] = Write(entity)["status"]?.DeepClone();
        return Store<T>("status", Key(entity), stored);
    }

    public Task<T> ApplyAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!_objects.TryGetValue(Key(entity), out var before))
        {
            return CreateAsync(entity, fieldManager, cancellationToken);
        }

        var (stored, wanted) = (before.DeepClone().AsObject(), Write(entity));
        foreach (var (member, value) in wanted.Where(m => m.Key is not ("metadata" or "status" or "apiVersion" or "kind")))
        {
            stored[member] = value?.DeepClone();
        }

        return Store<T>("apply", Key(entity), Generation(before, stored));
    }

    public Task<T> ApplyStatusAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> PatchAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource = null, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = (KindOf<T>(), namespaceName ?? "", name);
        var before = _objects[key];
        var stored = before.DeepClone().AsObject();
        Merge(stored, patch.AsObject());
        return Store<T>($"patch {subresource}", key, Generation(before, stored));
    }

    public Task<bool> DeleteAsync<T>(string name, string? namespaceName = null, DeleteOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Count($"delete {typeof(T).Name} {name}");
        var existed = _objects.Remove((KindOf<T>(), namespaceName ?? "", name));
        Written?.Invoke();
        return Task.FromResult(existed);
    }

    /// <summary>What happens without the operator: it costs no write.</summary>
    public void Set<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var stored = Write(entity);
        stored["metadata"]!["uid"] ??= Guid.NewGuid().ToString();
        var generation = _objects.TryGetValue(Key(entity), out var before) ? (long)before["metadata"]!["generation"]! : 0;
        var same = before is not null && JsonNode.DeepEquals(before["spec"], stored["spec"]);
        stored["metadata"]!["generation"] = same ? generation : generation + 1;
        stored["metadata"]!["resourceVersion"] = $"{++_version}";
        _objects[Key(entity)] = stored;
    }

    /// <summary>Somebody annotates an object, under a field manager's name.</summary>
    public void Annotate<T>(T entity, string annotation, string text, string manager)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var metadata = _objects[Key(entity)]["metadata"]!.AsObject();
        Merge(metadata, new JsonObject { ["annotations"] = new JsonObject { [annotation] = text } });
        metadata["managedFields"] = new JsonArray(new JsonObject
        {
            ["manager"] = manager,
            ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:annotations"] = new JsonObject { [$"f:{annotation}"] = new JsonObject() } } },
        });
        metadata["resourceVersion"] = $"{++_version}";
    }

    public void Remove<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta> => _objects.Remove(Key(entity));

    private static (string Kind, string Namespace, string Name) Key<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta> => (KindOf<T>(), entity.Namespace() ?? "", entity.Name());

    private static JsonObject Generation(JsonObject before, JsonObject after)
    {
        if (!JsonNode.DeepEquals(before["spec"], after["spec"]))
        {
            after["metadata"]!["generation"] = (long)before["metadata"]!["generation"]! + 1;
        }

        return after;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static string KindOf<T>() => EntityMetadata.For<T>().Kind;

    private static JsonObject Write<T>(T entity) => JsonSerializer.SerializeToNode(entity, KubernetesJson.Options)!.AsObject();

    private static T Read<T>(JsonObject stored)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var entity = stored.Deserialize<T>(KubernetesJson.Options)!;
        Assert.That(entity.Metadata.Name, Is.Not.Null, "the client refuses an object without a name");
        (entity.ApiVersion, entity.Kind) = (EntityMetadata.For<T>().ApiVersion, EntityMetadata.For<T>().Kind);
        return entity;
    }

    private static KubernetesException Refusal(string reason, string message) =>
        new(HttpStatusCode.Conflict, new V1Status { Reason = reason, Message = message, Code = 409 });

    private Task<T> Store<T>(string verb, (string Kind, string Namespace, string Name) key, JsonObject stored)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Count($"{verb} {key.Kind} {key.Name}");
        stored["metadata"]!["resourceVersion"] = $"{++_version}";
        _objects[key] = stored;
        Written?.Invoke();
        return Task.FromResult(Read<T>(stored));
    }

    private void Count(string write)
    {
        if (Refuse?.Invoke(write) is { } refusal)
        {
            throw refusal;
        }

        if (WritesLeft-- <= 0)
        {
            throw new ProcessKilledException();
        }

        Writes.Add(write);
    }
}
