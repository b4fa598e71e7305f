using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>One informer per kind and scope for the whole process, started together.</summary>
/// <param name="client">The cluster.</param>
/// <param name="timeProvider">The clock of waits.</param>
/// <param name="loggerFactory">Where trouble is told.</param>
/// <param name="namespaceName">The only namespace to follow where nobody asks for another; null: all.</param>
/// <param name="metrics">Where lists, watches and unusable objects are counted; null: nowhere.</param>
public sealed class SharedInformers(
    IKubernetesClient client, TimeProvider timeProvider, ILoggerFactory loggerFactory, string? namespaceName = null, InformerMetrics? metrics = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Type, InformerOptions Options), ISharedInformer> _informers = [];
    private bool _isRunning;

    /// <summary>The informer of a kind; the same one for everyone who asks with the same selector.</summary>
    /// <exception cref="InvalidOperationException">The informers run already and there is none of that kind.</exception>
    public IInformer<T> Get<T>(string? labelSelector = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Get<T>(new InformerOptions { NamespaceName = namespaceName, LabelSelector = labelSelector });

    /// <summary>The informer of a kind; the same one for everyone who asks with equal options.</summary>
    /// <inheritdoc cref="Get{T}(string?)" path="/exception"/>
    public IInformer<T> Get<T>(InformerOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            if (!_informers.TryGetValue((typeof(T), options), out var informer))
            {
                if (_isRunning)
                {
                    throw new InvalidOperationException($"the informers run already: ask for {typeof(T).Name} before");
                }

                informer = new Informer<T>(client, options, timeProvider, loggerFactory.CreateLogger<Informer<T>>(), metrics);
                _informers.Add((typeof(T), options), informer);
            }

            return (IInformer<T>)informer;
        }
    }

    /// <summary>Runs all informers until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(All(start: true).Select(informer => informer.RunAsync(cancellationToken)));

    /// <summary>Completes once every informer has taken in its first list and told its handlers.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All(start: false).Select(informer => informer.WaitForSyncAsync(cancellationToken)));

    private List<ISharedInformer> All(bool start)
    {
        lock (_gate)
        {
            _isRunning |= start;
            return [.. _informers.Values];
        }
    }
}
