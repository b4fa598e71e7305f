using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>How a delete is to happen, from the body and the query.</summary>
internal sealed record DeleteOptions(long? GracePeriodSeconds, string? PropagationPolicy, string? Uid, string? ResourceVersion)
{
    public static DeleteOptions From(IQueryCollection query, JsonObject? body)
    {
        var grace = long.TryParse(query["gracePeriodSeconds"], out var seconds) ? seconds : body.IntegerAt("gracePeriodSeconds");
        var policy = query["propagationPolicy"].FirstOrDefault() ?? body.StringAt("propagationPolicy");
        if (policy is null && body.BooleanAt("orphanDependents"))
        {
            policy = "Orphan";
        }

        return new DeleteOptions(grace, policy, body.StringAt("preconditions", "uid"), body.StringAt("preconditions", "resourceVersion"));
    }
}
