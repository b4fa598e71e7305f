using System.Globalization;
using System.Net;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Asks Prometheus servers, and what speaks their query API (Thanos, Mimir, VictoriaMetrics).</summary>
/// <param name="http">Must not time out by itself before a query's own time.</param>
/// <param name="time">Measures that time.</param>
internal sealed class PrometheusClient(HttpClient http, TimeProvider time)
{
    /// <summary>The largest answer that is read; 30 minutes of a histogram over dozens of routers are below it.</summary>
    public const long LargestAnswer = 8 * 1024 * 1024;

    /// <summary>An instant query: <c>POST api/v1/query</c>.</summary>
    /// <param name="address">The server, from <see cref="PrometheusAddress"/>.</param>
    /// <param name="query">PromQL.</param>
    /// <param name="at">When it is evaluated.</param>
    /// <param name="timeout">How long it may take, all together; the server is told too.</param>
    /// <param name="ct">Gives up; the only thing that throws anything but <see cref="PrometheusException"/>.</param>
    /// <exception cref="PrometheusException">The server cannot be reached, is too slow, refuses the query or answers something else.</exception>
    public async Task<PrometheusResult> QueryAsync(Uri address, string query, DateTimeOffset at, TimeSpan timeout, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "api/v1/query"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("query", query),
                new("time", (at.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture)),
                new("timeout", $"{Math.Max(1, (long)timeout.TotalMilliseconds)}ms"),
            ]),
        };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return Read(address, response.StatusCode, body);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new PrometheusException($"Prometheus at {address} did not answer within {Api.Conventions.Duration.Format(timeout)}");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new PrometheusException(
                $"Prometheus at {address} answered more than {LargestAnswer >> 20} MiB; the query must aggregate its series", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PrometheusException($"Prometheus at {address} cannot be reached: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static PrometheusResult Read(Uri address, HttpStatusCode status, byte[] body)
    {
        PrometheusAnswer answer;
        try
        {
            answer = PrometheusAnswer.Parse(body);
        }
        catch (FormatException e)
        {
            // The body is not quoted: behind a wrong address there can be anything, and this text ends in a status.
            var hint = status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "it asks for credentials",
                HttpStatusCode.NotFound => "no query API there; is the path complete?",
                >= HttpStatusCode.InternalServerError => "a server or proxy on the way is failing",
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "it redirects; give the final address",
                _ => e.Message,
            };
            throw new PrometheusException($"Prometheus at {address} gave no usable answer (HTTP {(int)status}): {hint}", e);
        }

        return answer.Result ?? throw new PrometheusException($"Prometheus at {address} refused the query (HTTP {(int)status}): {answer.Error}");
    }
}
