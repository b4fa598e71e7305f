using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Loading;

/// <summary>
/// Sends requests of zeros to this server before it is ready, over its own port: the first ones allocate and compile, from the
/// listener down to the model, and no caller should pay for that.
/// </summary>
internal sealed class Warmup(ServingSettings settings, IServer server)
{
    /// <returns>Null, or why the model did not take zeros: a hint, as no caller asked for them.</returns>
    public async Task<string?> RunAsync(ModelSignature signature, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null };
        using var http = new HttpClient(handler) { BaseAddress = OwnAddress(), Timeout = Timeout.InfiniteTimeSpan };
        long[] sizes = settings.Batching.On ? [1, settings.Batching.MaxSize] : [1];
        foreach (var rows in sizes)
        {
            if (ZeroRequest.Of(signature, rows, settings.MaxRequestBytes) is not { } request)
            {
                return $"a request of {rows} rows of zeros is larger than {settings.MaxRequestBytes} bytes, the most that is taken";
            }
            for (var i = 0; i < settings.WarmupRequests; i++)
            {
                if (await SendAsync(http, request, cancellationToken) is { } problem)
                {
                    return problem;
                }
            }
        }
        return null;
    }

    private async Task<string?> SendAsync(HttpClient http, ZeroRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{Uri.EscapeDataString(settings.Model.Name)}/infer");
        message.Content = new ByteArrayContent(request.Body);
        message.Headers.TryAddWithoutValidation(InferHandler.JsonLengthHeader, $"{request.JsonLength}");
        // Not sampled: nobody looks for these requests.
        message.Headers.TryAddWithoutValidation("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? null
                : (await response.Content.ReadFromJsonAsync(V2Json.Readable.ErrorBody, cancellationToken))?.Error ?? $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException failure)
        {
            return $"the server cannot reach itself: {failure.Message}";
        }
    }

    // Listening on all addresses is no address to send to.
    private Uri OwnAddress()
    {
        var listening = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return IPAddress.TryParse(listening.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any))
            ? new UriBuilder(listening) { Host = "localhost" }.Uri
            : listening;
    }
}
