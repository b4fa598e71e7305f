using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Router.Tests.Routing;

/// <summary>An informer whose events a test makes.</summary>
internal sealed class FakeInformer<T> : IInformer<T>, IHandlerRegistration
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<(string?, string?), T> _store = [];
    private readonly Dictionary<string, Func<T, IEnumerable<string>>> _indexes = [];
    private readonly List<Action<InformerEvent<T>>> _handlers = [];

    private readonly TaskCompletionSource _synced = new();
    private Action<T> _transform = _ => { };

    public bool HasSynced => _synced.Task.IsCompleted;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public void Sync() => _synced.TrySetResult();

    public T? Get(string name, string? namespaceName = null) => _store.GetValueOrDefault((namespaceName, name));

    public IReadOnlyList<T> List(string? namespaceName = null) => [.. _store.Values];

    public IReadOnlyList<T> ByIndex(string indexName, string value) => [.. _store.Values.Where(one => _indexes[indexName](one).Contains(value))];

    public void AddIndex(string indexName, Func<T, IEnumerable<string>> valuesOf) => _indexes.Add(indexName, valuesOf);

    public void SetTransform(Action<T> transform) => _transform = transform;

    public IHandlerRegistration AddHandler(Action<InformerEvent<T>> handler)
    {
        _handlers.Add(handler);
        return this;
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Set(T item)
    {
        _transform(item);
        var previous = Get(item.Metadata.Name!, item.Metadata.NamespaceProperty);
        _store[(item.Metadata.NamespaceProperty, item.Metadata.Name)] = item;
        Tell(new InformerEvent<T>(previous is null ? WatchEventType.Added : WatchEventType.Modified, item, previous, false));
    }

    public void Delete(T item)
    {
        _store.Remove((item.Metadata.NamespaceProperty, item.Metadata.Name));
        Tell(new InformerEvent<T>(WatchEventType.Deleted, item, null, false));
    }

    private void Tell(InformerEvent<T> change) => _handlers.ForEach(handler => handler(change));
}
