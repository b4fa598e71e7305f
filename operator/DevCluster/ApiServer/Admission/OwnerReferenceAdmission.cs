using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>
/// Whoever makes an object block the deletion of its owner must be allowed to set the owner's finalizers: the plug-in
/// OwnerReferencesPermissionEnforcement, which some distributions turn on.
/// </summary>
internal sealed class OwnerReferenceAdmission(AccessGate gate, KindRegistry kinds) : IAdmission
{
    public ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(request.Object ?? []);

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var before = Blocking(request.OldObject).Select(reference => reference.StringAt("uid")).ToHashSet();
        foreach (var reference in Blocking(request.Object).Where(reference => !before.Contains(reference.StringAt("uid"))))
        {
            var (group, version) = (reference.StringAt("apiVersion") ?? "").Split('/') is [var of, var at] ? (of, at) : ("", reference.StringAt("apiVersion"));
            var owner = kinds.Kinds.FirstOrDefault(kind => kind.Group == group && kind.Version == version && kind.Kind == reference.StringAt("kind"));
            if (owner is null)
            {
                continue;
            }

            try
            {
                gate.Require(new AccessAttributes(request.Write.Options.User, "update")
                {
                    Group = owner.Group,
                    Resource = owner.Plural,
                    Subresource = "finalizers",
                    Namespace = owner.Namespaced ? request.Write.Namespace ?? "" : "",
                    Name = reference.StringAt("name") ?? "",
                });
            }
            catch (ApiException)
            {
                throw ApiErrors.Forbidden(
                    request.Write.Kind,
                    request.Object!.Name(),
                    "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>");
            }
        }

        return ValueTask.CompletedTask;
    }

    private static IEnumerable<JsonNode> Blocking(JsonObject? obj) =>
        (obj.ArrayAt("metadata", "ownerReferences") ?? []).OfType<JsonNode>().Where(reference => reference.BooleanAt("blockOwnerDeletion"));
}
