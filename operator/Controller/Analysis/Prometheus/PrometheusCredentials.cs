using System.Net.Http.Headers;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>How to authenticate. Says nothing of itself in logs.</summary>
/// <param name="header">Bearer or basic; null: none.</param>
/// <param name="client">Shows a client certificate or trusts another authority; null: the usual one will do.</param>
internal sealed class PrometheusCredentials(AuthenticationHeaderValue? header, HttpClient? client)
{
    public AuthenticationHeaderValue? Header { get; } = header;

    public HttpClient? Client { get; } = client;
}
