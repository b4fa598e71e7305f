using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>One informer per kind (and selector) for the whole process, started together.</summary>
public sealed class SharedInformers(IKubernetesClient client, TimeProvider timeProvider, ILoggerFactory loggerFactory, string? namespaceName = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Type, string? LabelSelector), ISharedInformer> _informers = [];
    private bool _isRunning;

    /// <summary>The informer of a kind; the same one for everyone who asks.</summary>
    /// <exception cref="InvalidOperationException">The informers run already and there is none of that kind.</exception>
    public IInformer<T> Get<T>(string? labelSelector = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_gate)
        {
            if (!_informers.TryGetValue((typeof(T), labelSelector), out var informer))
            {
                if (_isRunning)
                {
                    throw new InvalidOperationException($"the informers run already: ask for {typeof(T).Name} before");
                }

                informer = new Informer<T>(client, namespaceName, labelSelector, timeProvider, loggerFactory.CreateLogger<Informer<T>>());
                _informers.Add((typeof(T), labelSelector), informer);
            }

            return (IInformer<T>)informer;
        }
    }

    /// <summary>Runs all informers until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(All(start: true).Select(informer => informer.RunAsync(cancellationToken)));

    /// <summary>Completes once every informer has taken in its first list.</summary>
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
