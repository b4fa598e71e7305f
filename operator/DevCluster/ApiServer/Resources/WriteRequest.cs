using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>A write of one object.</summary>
/// <param name="Kind">The resource, in the version of the request.</param>
/// <param name="Namespace">The namespace of the path; null for cluster-scoped resources.</param>
/// <param name="Name">The name of the path; null for a create.</param>
/// <param name="Subresource">The part of the object that is written: empty, or <c>status</c>.</param>
/// <param name="Options">The query parameters.</param>
internal sealed record WriteRequest(ResourceKind Kind, string? Namespace, string? Name, string Subresource, WriteOptions Options)
{
    public ObjectKey Key => new(Namespace ?? "", Name ?? "");
}
