using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Namespaces;

/// <summary>
/// Puts into every namespace what pods there rely on: the service account <c>default</c> and, in <c>kube-root-ca.crt</c>, the certificate
/// authority of the API server.
/// </summary>
internal sealed class NamespaceContents : IClusterController, IDisposable
{
    private const string Authority = "kube-root-ca.crt";

    private readonly PathClient _client;
    private readonly IInformer<V1Namespace> _namespaces;
    private readonly string? _authorityPem;
    private readonly KeyedLoop _loop;

    public NamespaceContents(
        PathClient client, SharedInformers informers, KubernetesClientConfiguration configuration, TimeProvider time, ILogger<NamespaceContents> logger)
    {
        _client = client;
        _namespaces = informers.Get<V1Namespace>();
        _authorityPem = AuthorityOf(configuration);
        _loop = new KeyedLoop("namespace contents", ReconcileAsync, time, logger);
        _namespaces.AddHandler(change => _loop.Add(change.Object.Key()));
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private static string? AuthorityOf(KubernetesClientConfiguration configuration)
    {
        if (configuration.CertificateAuthorities is { Count: > 0 } authorities)
        {
            return authorities.Aggregate(new StringBuilder(), (pem, authority) => pem.AppendLine(authority.ExportCertificatePem())).ToString();
        }

        return configuration.CertificateAuthorityFile is { } file ? File.ReadAllText(file) : null;
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_namespaces.Get(key.Name) is not { Metadata.DeletionTimestamp: null })
        {
            return null;
        }

        await EnsureAsync(key.Name, "serviceaccounts", "default", [], cancellationToken);
        if (_authorityPem is not null)
        {
            await EnsureAsync(key.Name, "configmaps", Authority, new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = _authorityPem } }, cancellationToken);
        }

        return null;
    }

    private async Task EnsureAsync(string ns, string plural, string name, JsonObject obj, CancellationToken cancellationToken)
    {
        var path = $"/api/v1/namespaces/{ns}/{plural}";
        try
        {
            await _client.SendAsync<JsonNode>(HttpMethod.Get, $"{path}/{name}", cancellationToken: cancellationToken);
            return;
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            // Made below.
        }

        obj["metadata"] = new JsonObject { ["name"] = name };
        try
        {
            await _client.SendAsync<JsonNode>(HttpMethod.Post, $"{path}?fieldManager=kube-controller-manager", obj, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsAlreadyExists)
        {
            // Another control plane works here too.
        }
    }
}
