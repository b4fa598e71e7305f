using System.Collections.Immutable;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>The webhooks there are now, in the order in which they are asked: by the names of their configurations.</summary>
internal sealed class WebhookRegistry(ObjectStore store)
{
    private readonly Cached _mutating = new(store, "mutatingwebhookconfigurations.admissionregistration.k8s.io", isMutating: true);
    private readonly Cached _validating = new(store, "validatingwebhookconfigurations.admissionregistration.k8s.io", isMutating: false);

    public IReadOnlyList<Webhook> Mutating => _mutating.Current;

    public IReadOnlyList<Webhook> Validating => _validating.Current;

    // Read again whenever a configuration was written.
    private sealed class Cached(ObjectStore store, string resource, bool isMutating)
    {
        private Reading? _last;

        public IReadOnlyList<Webhook> Current
        {
            get
            {
                var objects = store.Objects(resource);
                var last = _last;
                if (!ReferenceEquals(last?.From, objects))
                {
                    _last = last = new Reading(objects, [.. objects.Values.SelectMany(stored => Webhook.Of(stored.Content, isMutating))]);
                }

                return last!.Webhooks;
            }
        }

        private sealed record Reading(ImmutableSortedDictionary<ObjectKey, StoredObject> From, IReadOnlyList<Webhook> Webhooks);
    }
}
