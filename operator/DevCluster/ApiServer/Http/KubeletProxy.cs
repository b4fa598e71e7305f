using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>Passes requests about running containers to the node that runs them, with the token that the node asks for.</summary>
internal sealed class KubeletProxy(ObjectStore store, string token, X509Certificate2? certificate) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, SslOptions = Tls(certificate) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <exception cref="ApiException">The pod has no node or no such container, or its node does not answer.</exception>
    public async Task LogAsync(HttpContext context, JsonObject pod)
    {
        var container = Container(pod, context.Request.Query["container"]);
        if (pod.StringAt("spec", "nodeName") is not { Length: > 0 } nodeName)
        {
            throw ApiErrors.BadRequest($"pod {pod.Name()} does not have a host assigned");
        }

        var node = store.Get("nodes", new ObjectKey("", nodeName)) ?? throw ApiErrors.BadRequest($"node {nodeName} of pod {pod.Name()} does not exist");
        var address = (node.Content.ArrayAt("status", "addresses") ?? []).FirstOrDefault(item => item.StringAt("type") == "InternalIP").StringAt("address");
        var port = node.Content.IntegerAt("status", "daemonEndpoints", "kubeletEndpoint", "Port") ?? 10250;
        var url = $"https://{address}:{port}/containerLogs/{pod.NamespaceName()}/{pod.Name()}/{container}{context.Request.QueryString}";
        try
        {
            using var response = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = "text/plain";
            await using var log = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await log.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (HttpRequestException exception)
        {
            throw ApiErrors.Internal($"Get \"{url}\": {exception.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static SslClientAuthenticationOptions Tls(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
#pragma warning disable CA5359 // As a real API server without --kubelet-certificate-authority: nodes sign their own certificates.
            return new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        }

        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
    }

    private static string Container(JsonObject pod, string? asked)
    {
        var names = (ReadOnlySpan<string>)["containers", "initContainers", "ephemeralContainers"];
        var all = new List<string>();
        foreach (var list in names)
        {
            all.AddRange((pod.ArrayAt("spec", list) ?? []).Select(container => container.StringAt("name") ?? ""));
        }

        if (!string.IsNullOrEmpty(asked))
        {
            return all.Contains(asked) ? asked : throw ApiErrors.BadRequest($"container {asked} is not valid for pod {pod.Name()}");
        }

        var containers = pod.ArrayAt("spec", "containers") ?? [];
        if (containers.Count == 1)
        {
            return containers[0].StringAt("name")!;
        }

        throw ApiErrors.BadRequest(
            $"a container name must be specified for pod {pod.Name()}, choose one of: [{string.Join(" ", containers.Select(item => item.StringAt("name")))}]");
    }
}
