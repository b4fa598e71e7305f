using System.Collections.Concurrent;
using System.Net;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>
/// Sends at a given rate whatever the answers take, with exponential gaps, and counts latency from the moment a request was
/// due: a server that holds up its callers does not get fewer of them (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <param name="http">The client, with connections enough.</param>
    /// <param name="request">Makes a request.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">How long requests are sent; their answers are waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Outcome> RunAsync(
        HttpClient http, Func<HttpRequestMessage> request, double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var accepted = new ConcurrentBag<double>();
        var refused = new ConcurrentBag<double>();
        var failed = 0;
        var sent = new List<Task>();
        var began = TimeProvider.System.GetTimestamp();
        var due = TimeSpan.Zero;
        while ((due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond)) < duration)
        {
            // Timers are coarse: what became due meanwhile is sent at once, and its wait counts.
            if (due - TimeProvider.System.GetElapsedTime(began) is { TotalMilliseconds: > 1 } early)
            {
                await Task.Delay(early, TimeProvider.System, cancellationToken);
            }
            sent.Add(AskAsync(due));
        }
        await Task.WhenAll(sent);
        return new Outcome(duration, [.. accepted], [.. refused], failed);

        async Task AskAsync(TimeSpan due)
        {
            await Task.Yield();
            using var message = request();
            HttpStatusCode status;
            try
            {
                using var response = await http.SendAsync(message, cancellationToken);
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
                status = response.StatusCode;
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref failed);
                return;
            }
            var took = (TimeProvider.System.GetElapsedTime(began) - due).TotalMilliseconds;
            switch (status)
            {
                case HttpStatusCode.OK:
                    accepted.Add(took);
                    break;
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                    refused.Add(took);
                    break;
                default:
                    throw new InvalidOperationException($"the server answered {(int)status}");
            }
        }
    }

    /// <param name="Duration">How long requests were sent.</param>
    /// <param name="Accepted">Latencies of answered requests, in milliseconds.</param>
    /// <param name="Refused">Latencies of refused ones, in milliseconds.</param>
    /// <param name="Failed">Those whose connection broke.</param>
    public sealed record Outcome(TimeSpan Duration, double[] Accepted, double[] Refused, int Failed)
    {
        public double AcceptedPerSecond => Accepted.Length / Duration.TotalSeconds;

        public double RefusedShare => Refused.Length / (double)Math.Max(1, Accepted.Length + Refused.Length);
    }
}
