using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Sends reviews to webhooks over HTTPS.</summary>
internal sealed class WebhookClient(ObjectStore store)
{
    private const int MaxResponseLength = 8 * 1024 * 1024;

    // A changed configuration makes new webhooks, and so new connections with its new trust.
    private readonly ConditionalWeakTable<Webhook, HttpClient> _clients = [];

    /// <returns>The review's <c>response</c>.</returns>
    /// <exception cref="InvalidOperationException">There is no usable answer; the message says why, as kube-apiserver words it.</exception>
    public async Task<JsonObject> CallAsync(Webhook webhook, JsonObject request, CancellationToken cancellationToken)
    {
        var url = new UriBuilder(webhook.Endpoint.Url) { Query = $"timeout={webhook.Timeout.TotalSeconds:0}s" }.Uri;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(webhook.Timeout);
        try
        {
            using var content = new ByteArrayContent(JsonText.Utf8(AdmissionReview.Of(request)));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _clients.GetValue(webhook, Connect).PostAsync(url, content, timeout.Token);
            var body = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"failed to call webhook: the server responded with the status code {(int)response.StatusCode}");
            }

            return Answer(body, request);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"failed to call webhook: Post \"{url}\": context deadline exceeded");
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException($"failed to call webhook: Post \"{url}\": {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private static JsonObject Answer(byte[] body, JsonObject request)
    {
        JsonNode? review;
        try
        {
            review = JsonParser.Parse(body);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"failed to call webhook: {exception.Message}", exception);
        }

        if (review.StringAt("kind") != "AdmissionReview" || review.StringAt("apiVersion") != "admission.k8s.io/v1" || review.ObjectAt("response") is not { } answer)
        {
            throw new InvalidOperationException(
                $"expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got {review.StringAt("apiVersion")}, Kind={review.StringAt("kind")}");
        }

        return answer.StringAt("uid") == request.StringAt("uid")
            ? answer
            : throw new InvalidOperationException($"expected response.uid=\"{request.StringAt("uid")}\", got \"{answer.StringAt("uid")}\"");
    }

    private HttpClient Connect(Webhook webhook)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1) };
        if (webhook.Endpoint.AuthorityPem.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(webhook.Endpoint.AuthorityPem);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        if (webhook.Endpoint.Service is { } service)
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(ServiceEndpoints.Resolve(store, service), cancellationToken);
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxResponseLength };
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
