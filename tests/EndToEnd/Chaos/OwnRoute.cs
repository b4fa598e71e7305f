using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>Routes and Services that a test writes, beside the operator's, to the pods that the operator made.</summary>
internal static class OwnRoute
{
    /// <summary>A route that fails over.</summary>
    /// <param name="name">Of the route.</param>
    /// <param name="stable">The stable revision and its Service.</param>
    /// <param name="candidate">The candidate and its Service.</param>
    /// <param name="weight">The candidate's, in percent.</param>
    public static V1Alpha1ModelRoute Of(string name, (string Revision, string Service) stable, (string Revision, string Service) candidate, int weight) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = "ModelRoute",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new ModelRouteSpec
        {
            Failover = true,
            Backends =
            [
                new RouteBackend { Revision = stable.Revision, Service = stable.Service, Port = "http", Role = "Stable", Weight = 100 - weight },
                new RouteBackend { Revision = candidate.Revision, Service = candidate.Service, Port = "http", Role = "Candidate", Weight = weight },
            ],
        },
    };

    /// <summary>A Service of a revision's pods that offers their port for gRPC, whatever its own Service offers.</summary>
    public static V1Service ServiceWithGrpc(string name, string revision) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { [LabelNames.Revision] = revision },
            Ports =
            [
                new V1ServicePort { Name = Ports.HttpName, Port = Ports.ModelRest, TargetPort = Ports.ModelRest, Protocol = "TCP" },
                new V1ServicePort { Name = Ports.GrpcName, Port = Ports.ModelGrpc, TargetPort = Ports.ModelGrpc, Protocol = "TCP" },
            ],
        },
    };
}
