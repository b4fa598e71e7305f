using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.DevCluster.Controllers.Claims;

/// <summary>Binds every claim at once to a volume of its own, which the node keeps as a folder for as long as it runs.</summary>
internal sealed class ClaimController : IClusterController
{
    private readonly IKubernetesClient _client;
    private readonly IInformer<Claim> _claims;
    private readonly KeyedLoop _loop;

    public ClaimController(IKubernetesClient client, SharedInformers informers, TimeProvider time, ILogger<ClaimController> logger)
    {
        _client = client;
        _claims = informers.Get<Claim>();
        _loop = new KeyedLoop("persistentvolumeclaim", ReconcileAsync, time, logger);
        _claims.AddHandler(change => _loop.Add(change.Object.Key()));
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_claims.Get(key.Name, key.Namespace) is not { IsBound: false, Metadata: { Uid: { } uid, DeletionTimestamp: null } } claim)
        {
            return null;
        }

        if (claim.Spec.VolumeName is null)
        {
            var bind = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid }, ["spec"] = new JsonObject { ["volumeName"] = $"pvc-{uid}" } };
            await _client.PatchAsync<Claim>(key.Name, key.Namespace, PatchType.MergePatch, bind, cancellationToken: cancellationToken);
        }

        var status = new ClaimStatus { Phase = "Bound", AccessModes = claim.Spec.AccessModes, Capacity = claim.Spec.Resources?.Requests };
        await _client.WriteStatusAsync(claim, claim.Status, status, cancellationToken);
        return null;
    }
}
