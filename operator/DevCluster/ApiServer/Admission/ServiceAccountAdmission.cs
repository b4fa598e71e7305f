using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>
/// Refuses pods of a service account that does not exist. The <c>default</c> one is taken for granted: a controller makes it a moment
/// after its namespace.
/// </summary>
internal sealed class ServiceAccountAdmission(ObjectStore store) : IAdmission
{
    public ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var write = request.Write;
        if (request.Operation == AdmissionOperation.Create
            && write.Kind == BuiltInKinds.Pod
            && request.Object.StringAt("spec", "serviceAccountName") is { Length: > 0 } account and not "default"
            && store.Get("serviceaccounts", new ObjectKey(write.Namespace!, account)) is null)
        {
            throw ApiErrors.Forbidden(
                write.Kind,
                request.Object!.Name(),
                $"error looking up service account {write.Namespace}/{account}: serviceaccount \"{account}\" not found");
        }

        return ValueTask.FromResult(request.Object ?? []);
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
