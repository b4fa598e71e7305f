using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Disruption;

/// <summary>Keeps count of how many pods each PodDisruptionBudget can spare, which evictions then spend.</summary>
internal sealed class DisruptionController : IClusterController, IDisposable
{
    private readonly IKubernetesClient _client;
    private readonly IInformer<V1PodDisruptionBudget> _budgets;
    private readonly IInformer<V1Pod> _pods;
    private readonly KeyedLoop _loop;

    public DisruptionController(IKubernetesClient client, SharedInformers informers, TimeProvider time, ILogger<DisruptionController> logger)
    {
        _client = client;
        _budgets = informers.Get<V1PodDisruptionBudget>();
        _pods = informers.Get<V1Pod>();
        _loop = new KeyedLoop("disruption", ReconcileAsync, time, logger);
        _budgets.AddHandler(change => _loop.Add(change.Object.Key()));
        _pods.AddHandler(change =>
        {
            foreach (var budget in _budgets.List(change.Object.Metadata.NamespaceProperty))
            {
                _loop.Add(budget.Key());
            }
        });
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_budgets.Get(key.Name, key.Namespace) is { } budget)
        {
            await _client.WriteStatusAsync(budget, budget.Status, DisruptionPlanner.Plan(budget, _pods.List(key.Namespace)), cancellationToken);
        }

        return null;
    }
}
