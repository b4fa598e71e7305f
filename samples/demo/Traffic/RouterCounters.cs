using System.Globalization;
using System.Text.RegularExpressions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Demo.Traffic;

/// <summary>What the routers counted, read from their own metrics.</summary>
internal sealed partial class RouterCounters(IKubernetesClient client, HttpClient http)
{
    /// <summary>Requests that any router sent to a revision, whatever came of them.</summary>
    public async Task<long> RequestsOfAsync(string revision, CancellationToken cancellationToken)
    {
        var routers = await client.ListAsync<V1Pod>(
            Installation.SystemNamespace, "app.kubernetes.io/component=router", cancellationToken: cancellationToken);
        var requests = 0.0;
        foreach (var router in routers.Items)
        {
            var text = await http.GetStringAsync(new Uri($"http://{router.Status?.PodIP}:8002/metrics"), cancellationToken);
            requests += RequestsTotal().Matches(text)
                .Where(series => series.Groups["labels"].Value.Contains($"revision=\"{revision}\"", StringComparison.Ordinal))
                .Sum(series => double.Parse(series.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));
        }

        return (long)requests;
    }

    [GeneratedRegex("^modelrouter_requests_total\\{(?<labels>[^}]*)\\} (?<value>[0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex RequestsTotal();
}
