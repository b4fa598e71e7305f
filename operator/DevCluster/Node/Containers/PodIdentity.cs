using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>
/// Who the processes of a pod are to the API server: its service account. A process has no <c>/var/run/secrets</c> of its own, so it gets
/// a kubeconfig with a token that lasts for as long as it can run.
/// </summary>
internal sealed class PodIdentity(PathClient paths, IConfigSource config, KubernetesClientConfiguration configuration)
{
    private const string DefaultAccount = "default";

    private static readonly V1ServiceAccountTokenProjection OneYear = new() { Path = "token", ExpirationSeconds = 365 * 24 * 3600 };

    /// <returns>The kubeconfig; null when the pod or its service account asks for no token.</returns>
    /// <exception cref="ContainerConfigException">There is no such service account.</exception>
    public async Task<string?> KubeconfigAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var ns = pod.Metadata.NamespaceProperty ?? "default";
        var account = pod.Spec?.ServiceAccountName is { Length: > 0 } named ? named : DefaultAccount;
        if (pod.Spec?.AutomountServiceAccountToken == false)
        {
            return null;
        }

        try
        {
            var found = await paths.SendAsync<JsonObject>(
                HttpMethod.Get, $"/api/v1/namespaces/{ns}/serviceaccounts/{account}", cancellationToken: cancellationToken);
            var wanted = pod.Spec?.AutomountServiceAccountToken ?? found.At("automountServiceAccountToken")?.GetValue<bool>() ?? true;
            return wanted ? Kubeconfig(ns, account, await config.GetTokenAsync(ns, account, OneYear, cancellationToken)) : null;
        }
        catch (KubernetesException exception) when (exception.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            throw new ContainerConfigException($"serviceaccount \"{account}\" not found");
        }
    }

    private string Kubeconfig(string namespaceName, string account, string token)
    {
        var cluster = new JsonObject { ["server"] = configuration.Server.ToString() };
        if (configuration.CertificateAuthorities is { } authorities)
        {
            cluster["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authorities.ExportCertificatePems()));
        }

        if (configuration.SkipTlsVerify)
        {
            cluster["insecure-skip-tls-verify"] = true;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "pod",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "pod", ["cluster"] = cluster }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = account, ["user"] = new JsonObject { ["token"] = token } }),
            ["contexts"] = new JsonArray(new JsonObject
            {
                ["name"] = "pod",
                ["context"] = new JsonObject { ["cluster"] = "pod", ["user"] = account, ["namespace"] = namespaceName },
            }),
        }.ToJsonString();
    }
}
