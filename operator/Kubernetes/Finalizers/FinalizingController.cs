using System.Net;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Finalizers;

/// <summary>
/// Puts finalizers before a controller: they are attached before it first sees an entity, and while an entity is being deleted
/// they run instead of it.
/// </summary>
internal sealed class FinalizingController<TEntity>(
    IEntityController<TEntity> inner, IReadOnlyList<EntityFinalizer<TEntity>> finalizers, IKubernetesClient client, IEventRecorder events)
    : IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // A pass of its own after the attachment: what reconciles has then read the finalizer from the cluster.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);
    private static readonly IReadOnlySet<string> NoneDone = new HashSet<string>();

    private readonly List<string> _identifiers = [.. finalizers.Select(finalizer => finalizer.Identifier)];

    public async Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is null && FinalizerFlow.Next(entity.Metadata, _identifiers, NoneDone).Action == FinalizerAction.Nothing)
        {
            return await inner.ReconcileAsync(entity, cancellationToken);
        }

        try
        {
            return await SettleAsync(entity, cancellationToken);
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            // It went while it was looked at.
            return ReconciliationResult<TEntity>.Success(entity);
        }
        catch (KubernetesException refusal) when (refusal.IsConflict || refusal.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            return ReconciliationResult<TEntity>.Failure(entity, "somebody changed the finalizers meanwhile", refusal);
        }
    }

    public Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken) =>
        inner.DeletedAsync(entity, cancellationToken);

    private async Task<ReconciliationResult<TEntity>> SettleAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            switch (FinalizerFlow.Next(entity.Metadata, _identifiers, done))
            {
                case (FinalizerAction.Attach, { } identifier):
                    entity = await PatchAsync(entity, FinalizerFlow.Attach(entity.Metadata, identifier), cancellationToken);
                    break;
                case (FinalizerAction.Run, { } identifier):
                    var result = await RunAsync(entity, identifier, cancellationToken);
                    if (!result.IsSuccess)
                    {
                        events.Record(entity, EventType.Warning, "FinalizerFailed", $"{identifier}: {result.ErrorMessage}");
                        return result;
                    }

                    done.Add(identifier);
                    break;
                case (FinalizerAction.Detach, { } identifier):
                    entity = await PatchAsync(entity, FinalizerFlow.Detach(entity.Metadata, identifier), cancellationToken);
                    break;
                default:
                    return ReconciliationResult<TEntity>.Success(entity, entity.Metadata.DeletionTimestamp is null ? AtOnce : null);
            }
        }
    }

    private Task<ReconciliationResult<TEntity>> RunAsync(TEntity entity, string identifier, CancellationToken cancellationToken) =>
        finalizers.First(finalizer => finalizer.Identifier == identifier).Finalizer.FinalizeAsync(entity, cancellationToken);

    private Task<TEntity> PatchAsync(TEntity entity, JsonArray patch, CancellationToken cancellationToken) =>
        client.PatchAsync<TEntity>(entity.Name(), entity.Namespace(), PatchType.JsonPatch, patch, cancellationToken: cancellationToken);
}
