using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>A cache that is always current.</summary>
internal sealed class FakeInformer<T>(FakeCluster cluster, Func<T, bool>? selector = null) : IInformer<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<string, Func<T, IEnumerable<string>>> _indexes = [];

    public bool HasSynced => true;

    public KubernetesException? Refusal { get; init; }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public T? Get(string name, string? namespaceName = null) => List(namespaceName).FirstOrDefault(entity => entity.Name() == name);

    public IReadOnlyList<T> List(string? namespaceName = null) =>
        [.. cluster.All<T>().Where(entity => (namespaceName is null || entity.Namespace() == namespaceName) && selector?.Invoke(entity) != false)];

    public IReadOnlyList<T> ByIndex(string indexName, string value) => [.. List().Where(entity => _indexes[indexName](entity).Contains(value))];

    public void AddIndex(string indexName, Func<T, IEnumerable<string>> valuesOf) => _indexes[indexName] = valuesOf;

    public void SetTransform(Action<T> transform) => throw new NotSupportedException();

    public IHandlerRegistration AddHandler(Action<InformerEvent<T>> handler) => throw new NotSupportedException();

    public Task RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
