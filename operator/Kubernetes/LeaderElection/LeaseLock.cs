using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>A Lease of the cluster. It keeps the metadata that it read, so that a write loses nobody's labels.</summary>
internal sealed class LeaseLock(IKubernetesClient client, LeaderElectionSettings settings, IEventRecorder events) : ILeaseLock
{
    private V1Lease? _lease;

    public async Task<LeaseVersion?> GetAsync(CancellationToken cancellationToken)
    {
        _lease = await client.GetAsync<V1Lease>(settings.LeaseName, settings.LeaseNamespace, cancellationToken);
        return _lease is null ? null : VersionOf(_lease);
    }

    public async Task<LeaseVersion> CreateAsync(LeaseRecord record, CancellationToken cancellationToken)
    {
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = settings.LeaseName, NamespaceProperty = settings.LeaseNamespace },
            Spec = record.ToSpec(),
        };
        return VersionOf(_lease = await client.CreateAsync(lease, cancellationToken: cancellationToken));
    }

    public async Task<LeaseVersion> ReplaceAsync(LeaseRecord record, string resourceVersion, CancellationToken cancellationToken)
    {
        var seen = _lease ?? throw new InvalidOperationException("the lease has not been read");
        var metadata = new V1ObjectMeta
        {
            Name = settings.LeaseName,
            NamespaceProperty = settings.LeaseNamespace,
            ResourceVersion = resourceVersion,
            Labels = seen.Metadata.Labels,
            Annotations = seen.Metadata.Annotations,
            OwnerReferences = seen.Metadata.OwnerReferences,
            Finalizers = seen.Metadata.Finalizers,
        };
        return VersionOf(_lease = await client.UpdateAsync(new V1Lease { Metadata = metadata, Spec = record.ToSpec() }, cancellationToken: cancellationToken));
    }

    public void Tell(string message)
    {
        if (_lease is { } lease)
        {
            events.Record(lease, EventType.Normal, "LeaderElection", message);
        }
    }

    private static LeaseVersion VersionOf(V1Lease lease) => new(LeaseRecord.From(lease.Spec), lease.ResourceVersion() ?? "");
}
