using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Has a say in writes between their decoding and their storing. Throws to refuse.</summary>
internal interface IAdmission
{
    /// <returns>The object to go on with: the request's own, changed or another.</returns>
    ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken);

    ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
