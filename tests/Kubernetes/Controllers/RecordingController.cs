using System.Threading.Channels;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.Controllers;

/// <summary>A controller that tells what it is called with and does what the test says.</summary>
internal sealed class RecordingController : IEntityController<V1Deployment>
{
    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();

    public Func<V1Deployment, Task<ReconciliationResult<V1Deployment>>> OnReconcile { get; set; } =
        entity => Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));

    public Func<V1Deployment, CancellationToken, Task<ReconciliationResult<V1Deployment>>>? OnReconcileCancellable { get; set; }

    public Func<V1Deployment, ReconciliationResult<V1Deployment>> OnDeleted { get; set; } =
        entity => ReconciliationResult<V1Deployment>.Success(entity);

    public async Task<ReconciliationResult<V1Deployment>> ReconcileAsync(V1Deployment entity, CancellationToken cancellationToken)
    {
        _calls.Writer.TryWrite($"reconcile {entity.Name()} {entity.Spec?.Replicas}");
        return await (OnReconcileCancellable?.Invoke(entity, cancellationToken) ?? OnReconcile(entity));
    }

    public Task<ReconciliationResult<V1Deployment>> DeletedAsync(V1Deployment entity, CancellationToken cancellationToken)
    {
        _calls.Writer.TryWrite($"deleted {entity.Name()}");
        return Task.FromResult(OnDeleted(entity));
    }

    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _calls.Reader.ReadAsync(limit.Token);
    }

    public bool IsIdle => _calls.Reader.Count == 0;
}
