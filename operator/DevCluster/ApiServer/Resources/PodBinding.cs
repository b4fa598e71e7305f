using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Gives a pod to a node, once.</summary>
internal sealed class PodBinding(ObjectWriter writer, StrategyContext context)
{
    public void Bind(WriteRequest request, string node) => writer.Transact(request, pod =>
    {
        if (pod.StringAt("spec", "nodeName") is { Length: > 0 } bound)
        {
            throw ApiErrors.Conflict(request.Kind with { Plural = "pods/binding" }, request.Name!, $"pod {request.Name} is already assigned to node \"{bound}\"");
        }

        if (pod.IsBeingDeleted())
        {
            throw ApiErrors.Conflict(request.Kind, request.Name!, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        }

        pod.Ensure("spec")["nodeName"] = node;
        var status = pod.Ensure("status");
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        conditions.RemoveAll(condition => condition.StringAt("type") == "PodScheduled");
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = context.Now,
        });
    });
}
