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
    public Task<long> RequestsOfAsync(string revision, CancellationToken cancellationToken) =>
        SumAsync("modelrouter_requests_total", revision, cancellationToken);

    /// <summary>Copies that any router sent to a revision and compared, and how many of them it answered differently.</summary>
    public async Task<(long Copies, long Disagreements)> CopiesOfAsync(string revision, CancellationToken cancellationToken) =>
        (await SumAsync("modelrouter_mirrored_total", revision, cancellationToken),
            await SumAsync("modelrouter_disagreements_total", revision, cancellationToken));

    private async Task<long> SumAsync(string counter, string revision, CancellationToken cancellationToken)
    {
        var routers = await client.ListAsync<V1Pod>(
            Installation.SystemNamespace, "app.kubernetes.io/component=router", cancellationToken: cancellationToken);
        var sum = 0.0;
        foreach (var router in routers.Items)
        {
            var text = await http.GetStringAsync(new Uri($"http://{router.Status?.PodIP}:8002/metrics"), cancellationToken);
            sum += Series().Matches(text)
                .Where(series => series.Groups["name"].Value == counter)
                .Where(series => series.Groups["labels"].Value.Contains($"revision=\"{revision}\"", StringComparison.Ordinal))
                .Sum(series => double.Parse(series.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));
        }

        return (long)sum;
    }

    [GeneratedRegex("^(?<name>modelrouter_[a-z_]+)\\{(?<labels>[^}]*)\\} (?<value>[0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Series();
}
