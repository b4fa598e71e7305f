using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Namespaces;

/// <summary>Gives every namespace what pods expect in it: a ServiceAccount <c>default</c> and the cluster's authority.</summary>
internal sealed class NamespaceContentController : IClusterController, IDisposable
{
    private readonly PathClient _client;
    private readonly IInformer<V1Namespace> _namespaces;
    private readonly string _authorityPem;
    private readonly KeyedLoop _loop;

    public NamespaceContentController(
        PathClient client, KubernetesClientConfiguration configuration, SharedInformers informers, TimeProvider time, ILogger<NamespaceContentController> logger)
    {
        _client = client;
        _namespaces = informers.Get<V1Namespace>();
        _authorityPem = string.Concat((configuration.CertificateAuthorities ?? []).Select(authority => authority.ExportCertificatePem() + "\n"));
        _loop = new KeyedLoop("namespace content", ReconcileAsync, time, logger);
        _namespaces.AddHandler(change => _loop.Add(change.Object.Key()));
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_namespaces.Get(key.Name) is not { Metadata.DeletionTimestamp: null })
        {
            return null;
        }

        await CreateAsync(key.Name, "serviceaccounts", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } }, cancellationToken);
        await CreateAsync(
            key.Name,
            "configmaps",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "kube-root-ca.crt" },
                ["data"] = new JsonObject { ["ca.crt"] = _authorityPem },
            },
            cancellationToken);
        return null;
    }

    private async Task CreateAsync(string namespaceName, string resource, JsonObject obj, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync<JsonNode>(HttpMethod.Post, $"/api/v1/namespaces/{namespaceName}/{resource}", obj, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsAlreadyExists || e.IsNotFound || e.StatusCode == System.Net.HttpStatusCode.Forbidden)
        {
            // It is there already, or the namespace is going.
        }
    }
}
