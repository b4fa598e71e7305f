using System.Globalization;
using System.Net;
using ModelOperator.Judgement.Prometheus;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Asks Prometheus servers, and what speaks their query API (Thanos, Mimir, VictoriaMetrics).</summary>
/// <param name="http">For servers without credentials. Must not time out by itself before a query's own time.</param>
/// <param name="time">Measures that time.</param>
/// <param name="credentials">For the others.</param>
internal sealed class PrometheusClient(HttpClient http, TimeProvider time, ICredentialSource? credentials = null)
{
    /// <summary>The largest answer that is read; 30 minutes of a histogram over dozens of routers are below it.</summary>
    public const int LargestAnswer = 8 * 1024 * 1024;

    /// <summary>Waits before a query is tried again, as far as its time allows.</summary>
    private static readonly TimeSpan[] Retries = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    /// <summary>An instant query: <c>POST api/v1/query</c>. One that met no server, or a failing one on the way, is tried again twice.</summary>
    /// <param name="server">The server, and how long it all may take; the server is told too.</param>
    /// <param name="query">PromQL.</param>
    /// <param name="at">When it is evaluated.</param>
    /// <param name="ct">Gives up; the only thing that throws anything but <see cref="PrometheusException"/>.</param>
    /// <exception cref="PrometheusException">The server cannot be reached, is too slow, refuses the query or answers something else.</exception>
    public async Task<PrometheusResult> QueryAsync(PrometheusServer server, string query, DateTimeOffset at, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(server.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await AskAsync(server, query, at, both.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new PrometheusException($"Prometheus at {server.Address} did not answer within {Api.Conventions.Duration.Format(server.Timeout)}");
            }
            catch (PrometheusException e) when (e.MayPass && attempt < Retries.Length && !timer.IsCancellationRequested)
            {
                await Task.Delay(Retries[attempt], time, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
                if (timer.IsCancellationRequested)
                {
                    throw;
                }
            }
        }
    }

    private async Task<PrometheusResult> AskAsync(PrometheusServer server, string query, DateTimeOffset at, CancellationToken ct)
    {
        var address = server.Address;
        var known = server.Credentials is not { } secret ? null
            : credentials is null ? throw new PrometheusException("there is nobody to read the Secret of spec.prometheus.secretRef")
            : await credentials.GetAsync(secret, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "api/v1/query"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("query", query),
                new("time", (at.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture)),
                new("timeout", $"{Math.Max(1, (long)server.Timeout.TotalMilliseconds)}ms"),
            ]),
        };
        request.Headers.Authorization = known?.Header;
        try
        {
            using var response = await (known?.Client ?? http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            using var body = await PooledBody.ReadAsync(response.Content, LargestAnswer, ct) ?? throw new PrometheusException(
                $"Prometheus at {address} answered more than {LargestAnswer >> 20} MiB; the query must aggregate its series")
            { IsTooLarge = true };
            return Read(address, response.StatusCode, body.Bytes);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PrometheusException($"Prometheus at {address} cannot be reached: {e.Message.TrimEnd('.')}", e) { MayPass = true };
        }
    }

    private static PrometheusResult Read(Uri address, HttpStatusCode status, ReadOnlyMemory<byte> body)
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
            throw new PrometheusException($"Prometheus at {address} gave no usable answer (HTTP {(int)status}): {hint}", e)
            {
                MayPass = status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
            };
        }

        return answer.Result ?? throw new PrometheusException($"Prometheus at {address} refused the query (HTTP {(int)status}): {answer.Error}");
    }
}
