using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.Pods;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic;

/// <summary>Asks routers what they serve: a share is believed once every ready router says so, not once it is written.</summary>
internal sealed class RouterFleet(HttpClient client, TimeProvider time)
{
    private const int MaxConcurrency = 16;
    private const int MaxAnswerBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How many routers are ready and how many of them serve a route in the version that is written.</summary>
    public async Task<(int Ready, int Confirming)> AskAsync(IEnumerable<V1Pod> routers, V1Alpha1ModelRoute? route, CancellationToken cancellationToken)
    {
        var ready = routers.Where(pod => PodDiagnosis.IsReady(pod) && pod.Status?.PodIP is { Length: > 0 }).ToList();
        if (route?.Metadata.Generation is not { } generation)
        {
            return (ready.Count, 0);
        }

        var serving = new ConcurrentBag<bool>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ready, options, async (pod, token) =>
            serving.Add(await GenerationServedAsync(pod.Status!.PodIP!, route, token) == generation));
        return (ready.Count, serving.Count(confirms => confirms));
    }

    private async Task<long?> GenerationServedAsync(string address, V1Alpha1ModelRoute route, CancellationToken cancellationToken)
    {
        var host = address.Contains(':') ? $"[{address}]" : address;
        var uri = new Uri($"http://{host}:{Ports.RouterHealth}/routes/{route.Namespace()}/{route.Name()}");
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, both.Token);
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(both.Token), cancellationToken: both.Token);
            return answer.RootElement.TryGetProperty("generation", out var served) && served.TryGetInt64(out var generation) ? generation : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A router that gives no answer confirms nothing. It is asked again in the next pass.
            return null;
        }
    }
}
