using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic;

/// <summary>Writes shares as a ModelRoute, with every default, so that the API server keeps it as it is; and reads them back.</summary>
internal static class ModelRouteBuilder
{
    public static V1Alpha1ModelRoute Build(
        V1Alpha1ModelDeployment deployment, IReadOnlyList<RouteArm> arms, IReadOnlyDictionary<string, V1Alpha1ModelRevision> revisions)
    {
        var route = OwnedObject.Of<V1Alpha1ModelRoute>(deployment, deployment.Name(), OwnedObject.Labels(deployment.Name()));
        route.Spec = new ModelRouteSpec
        {
            Failover = deployment.Spec.Traffic?.Failover ?? true,
            StickyBy = deployment.Spec.Traffic?.StickyBy,
            Backends = [.. arms.Select(arm => Backend(arm, revisions[arm.Revision]))],
        };
        return route;
    }

    /// <summary>The shares that a route writes.</summary>
    public static IReadOnlyList<RouteArm> Arms(V1Alpha1ModelRoute? route) => route is null
        ? []
        : [.. route.Spec.Backends.Select(backend => new RouteArm(backend.Revision, Enum.Parse<ArmRole>(backend.Role), backend.Weight)
        {
            Mirror = backend.Mirror ?? 0,
            Match = CallerMatches.From(backend.Match),
        })];

    private static RouteBackend Backend(RouteArm arm, V1Alpha1ModelRevision revision) => new()
    {
        Revision = arm.Revision,
        Service = arm.Revision,
        Port = "http",
        Role = arm.Role.ToString(),
        Weight = arm.Weight,
        Mirror = arm.Mirror == 0 ? null : arm.Mirror,
        Match = arm.Match.ToList()?.Select(Whole).ToList(),
        Version = revision.Spec.Version,
        Digest = revision.Status.Digest,
    };

    private static RouteMatch Whole(RouteMatch match) => new() { Header = match.Header, Cookie = match.Cookie, Value = match.Value, Type = match.Type ?? "Exact" };
}
