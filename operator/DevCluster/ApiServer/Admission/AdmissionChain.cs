using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Several that have a say, one after another.</summary>
internal sealed class AdmissionChain(params IReadOnlyList<IAdmission> links) : IAdmission
{
    public async ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var link in links)
        {
            var mutated = await link.MutateAsync(request, cancellationToken);
            request = request.Object is null ? request : request with { Object = mutated };
        }

        return request.Object ?? [];
    }

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var link in links)
        {
            await link.ValidateAsync(request, cancellationToken);
        }
    }
}
