using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Finds metrics that would never have data where no request passes through a router.</summary>
internal static class GatewayPolicies
{
    private const string RouterMetrics = "modelrouter_";

    /// <summary>The first metric of a policy that cannot be had with a spec's provider; null when there is none.</summary>
    public static FieldProblem? Problem(ModelDeploymentSpec spec, RollbackPolicySpec policy) =>
        spec.Traffic?.Provider != nameof(TrafficProvider.GatewayAPI)
            ? null
            : policy.Metrics.Index().Select(metric => Problem(metric.Item, $"spec.metrics[{metric.Index}]")).FirstOrDefault(problem => problem is not null);

    private static FieldProblem? Problem(PolicyMetric metric, string path)
    {
        if (metric.Builtin is { } builtin && CounterSource.ModelServer.Lacks(BuiltinMetric.Find(builtin)?.IsDisagreement == true) is { } lack)
        {
            return new FieldProblem($"{path}.builtin", lack);
        }

        if (metric.Compare?.Builtin is { } compared && CounterSource.ModelServer.Lacks(compared == "disagreements") is { } missing)
        {
            return new FieldProblem($"{path}.compare.builtin", missing);
        }

        var asked = new[] { ("query", metric.Query), ("compare.bad", metric.Compare?.Bad), ("compare.total", metric.Compare?.Total) };
        return asked
            .Where(query => query.Item2?.Contains(RouterMetrics, StringComparison.Ordinal) == true)
            .Select(query => new FieldProblem($"{path}.{query.Item1}", $"it asks for {RouterMetrics}*, which only routers count: ask for modelserver_* or for the Gateway's own metrics"))
            .FirstOrDefault();
    }
}
