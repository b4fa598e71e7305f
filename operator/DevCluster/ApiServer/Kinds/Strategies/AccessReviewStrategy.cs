using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A question about access is about a resource or about a path.</summary>
internal sealed class AccessReviewStrategy : KindStrategy
{
    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var (resource, path) = (obj.ObjectAt("spec", "resourceAttributes"), obj.ObjectAt("spec", "nonResourceAttributes"));
        if (resource is null == path is null)
        {
            yield return FieldError.Invalid(
                "spec.resourceAttributes", resource is null ? "null" : resource.ToJsonString(), "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
    }
}
