using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>A cluster in memory. Its watches can be held back, so that caches fall behind.</summary>
internal sealed class FakeCluster : IKubernetesClient
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type, ObjectKey), IKubernetesObject<V1ObjectMeta>> _objects = [];
    private readonly List<(Type Type, Func<WatchEventType, IKubernetesObject<V1ObjectMeta>, bool> Send)> _watches = [];
    private readonly List<(Type Type, WatchEventType EventType, IKubernetesObject<V1ObjectMeta> Entity)> _held = [];
    private bool _isHolding;
    private int _version = 100;

    /// <summary>Keeps events from all watches until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _isHolding = true;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _isHolding = false;
            _held.ForEach(change => Send(change.Type, change.EventType, change.Entity));
            _held.Clear();
        }
    }

    public T Put<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            var copy = KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(entity));
            var exists = _objects.TryGetValue((typeof(T), copy.Key()), out var current);
            copy.Metadata.ResourceVersion = $"{++_version}";
            copy.Metadata.Uid = exists ? current!.Uid() : copy.Uid() ?? $"uid-{_version}";
            _objects[(typeof(T), copy.Key())] = copy;
            Publish(typeof(T), exists ? WatchEventType.Modified : WatchEventType.Added, copy);
            return copy;
        }
    }

    public Task<T?> GetAsync<T>(string name, string? namespaceName = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            return Task.FromResult((T?)_objects.GetValueOrDefault((typeof(T), new ObjectKey(namespaceName ?? "", name))));
        }
    }

    /// <summary>Every list waits for this.</summary>
    public Task ListsAfter { get; set; } = Task.CompletedTask;

    public async Task<KubernetesList<T>> ListAsync<T>(ListOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await ListsAfter.WaitAsync(cancellationToken);
        lock (_gate)
        {
            return new KubernetesList<T>([.. _objects.Values.OfType<T>()], $"{_version}");
        }
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (options.SendInitialEvents)
        {
            await ListsAfter.WaitAsync(cancellationToken);
        }

        var channel = Channel.CreateUnbounded<WatchEvent<T>>();
        lock (_gate)
        {
            // What there is or, as a real server would replay it, what has changed since the version.
            var from = options.SendInitialEvents ? 0 : int.Parse(options.ResourceVersion!);
            foreach (var entity in _objects.Values.OfType<T>().Where(entity => int.Parse(entity.ResourceVersion()!) > from))
            {
                channel.Writer.TryWrite(new WatchEvent<T>(options.SendInitialEvents ? WatchEventType.Added : WatchEventType.Modified, entity));
            }

            if (options.SendInitialEvents)
            {
                channel.Writer.TryWrite(InitialEventsEnd<T>());
            }

            _watches.Add((typeof(T), (type, entity) => channel.Writer.TryWrite(new WatchEvent<T>(type, (T)entity))));
        }

        await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public Task<T> CreateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            return _objects.ContainsKey((typeof(T), entity.Key()))
                ? throw new KubernetesException(System.Net.HttpStatusCode.Conflict, new V1Status { Reason = "AlreadyExists", Message = "exists" })
                : Written(entity);
        }
    }

    public Task<T> UpdateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            return entity.ResourceVersion() is { } version && _objects.GetValueOrDefault((typeof(T), entity.Key()))?.ResourceVersion() != version
                ? throw new KubernetesException(System.Net.HttpStatusCode.Conflict, new V1Status { Reason = "Conflict", Message = "modified" })
                : Written(entity);
        }
    }

    public Task<T> UpdateStatusAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Written(entity);

    public Task<T> ApplyAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Written(entity);

    public Task<T> ApplyStatusAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Written(entity);

    public Task<T> PatchAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource = null, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<bool> DeleteAsync<T>(
        string name, string? namespaceName = null, DeleteOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            if (!_objects.Remove((typeof(T), new ObjectKey(namespaceName ?? "", name)), out var entity))
            {
                return Task.FromResult(false);
            }

            var last = KubernetesJson.Deserialize<T>(KubernetesJson.Serialize((T)entity));
            last.Metadata.ResourceVersion = $"{++_version}";
            Publish(typeof(T), WatchEventType.Deleted, last);
            return Task.FromResult(true);
        }
    }

    private WatchEvent<T> InitialEventsEnd<T>()
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(WatchEventType.Bookmark, KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(new
        {
            metadata = new V1ObjectMeta
            {
                ResourceVersion = $"{_version}",
                Annotations = new Dictionary<string, string> { ["k8s.io/initial-events-end"] = "true" },
            },
        })));

    private Task<T> Written<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var written = Put(entity);
        WriteLog.Note(written);
        return Task.FromResult(written);
    }

    private void Publish(Type type, WatchEventType eventType, IKubernetesObject<V1ObjectMeta> entity)
    {
        if (_isHolding)
        {
            _held.Add((type, eventType, entity));
        }
        else
        {
            Send(type, eventType, entity);
        }
    }

    private void Send(Type type, WatchEventType eventType, IKubernetesObject<V1ObjectMeta> entity) =>
        _watches.Where(watch => watch.Type == type).ToList().ForEach(watch => watch.Send(eventType, entity));
}
