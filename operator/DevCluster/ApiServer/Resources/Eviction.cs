using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Selectors;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Deletes a pod as far as its PodDisruptionBudget allows it.</summary>
internal sealed class Eviction(ObjectStore store, ObjectWriter writer, ObjectDeleter deleter, TimeProvider time)
{
    /// <exception cref="ApiException">429: the budget does not allow it now. 500: the pod has several budgets.</exception>
    public async ValueTask EvictAsync(WriteRequest request, DeleteOptions options, CancellationToken cancellationToken)
    {
        var pod = (store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!)).Content;
        // A pod that has ended, or does not yet run, takes nothing from anyone.
        if (pod.StringAt("status", "phase") is not ("Succeeded" or "Failed" or "Pending") && !pod.IsBeingDeleted())
        {
            TakeFromBudget(request, pod);
        }

        await deleter.DeleteAsync(request, options, cancellationToken);
    }

    private void TakeFromBudget(WriteRequest request, JsonObject pod)
    {
        var budgets = store.List(BuiltInKinds.DisruptionBudget.Storage).Objects.Values
            .Where(budget => budget.Key.Namespace == request.Namespace && Selects(budget.Content, pod))
            .ToList();
        if (budgets.Count > 1)
        {
            throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (budgets.Count == 0)
        {
            return;
        }

        var options = request.Options;
        writer.Transact(new WriteRequest(BuiltInKinds.DisruptionBudget, request.Namespace, budgets[0].Key.Name, "status", options), budget => Take(budget, request.Name!));
    }

    private void Take(JsonObject budget, string pod)
    {
        var observed = budget.IntegerAt("status", "observedGeneration") ?? 0;
        if (observed < budget.IntegerAt("metadata", "generation"))
        {
            throw ApiErrors.TooManyRequests(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {budget.Name()} is still being processed by the server.");
        }

        var (allowed, status) = (budget.IntegerAt("status", "disruptionsAllowed") ?? 0, budget.Ensure("status"));
        if (allowed <= 0)
        {
            throw ApiErrors.TooManyRequests(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                $"The disruption budget {budget.Name()} needs {status.IntegerAt("desiredHealthy") ?? 0} healthy pods and has {status.IntegerAt("currentHealthy") ?? 0} currently");
        }

        status["disruptionsAllowed"] = allowed - 1;
        status.Ensure("disruptedPods")[pod] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
    }

    // No selector selects nothing, an empty one everything.
    private static bool Selects(JsonObject budget, JsonObject pod) =>
        budget.ObjectAt("spec", "selector") is { } selector && LabelSelector.FromObject(selector).Matches(pod.ObjectAt("metadata", "labels"));
}
