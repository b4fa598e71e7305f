using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Clients;

/// <summary>The real Prometheus' discovery of pods, services and endpoint slices, by what it says it found.</summary>
[TestFixture]
internal sealed class PrometheusTests : ClientTest
{
    protected override bool CreatesPods => true;

    private string NodeName => $"node-{Namespace}";

    [TearDown]
    public async Task RemoveNode() => await Delete($"/api/v1/nodes/{NodeName}");

    [TestCase("pod", "__meta_kubernetes_pod_label_app")]
    [TestCase("service", "__meta_kubernetes_service_name")]
    [TestCase("endpointslice", "__meta_kubernetes_service_name")]
    public async Task It_finds_targets_that_come_and_go(string role, string label)
    {
        await Created("/api/v1/nodes", $$$$"""{"metadata":{"name":"{{{{NodeName}}}}"},"spec":{"unschedulable":true}}""");
        await Created("services", Manifests.Service("web").With("spec.ports[0].targetPort", "\"http\""));
        await Created("pods", Manifests.Pod("p", """{"app":"web"}""").With("spec.nodeName", $"\"{NodeName}\"").With("spec.containers[0].ports", """[{"name":"http","containerPort":8080}]"""));
        Answered(200, await MergePatch("pods/p/status", """
            {"status":{"phase":"Running","podIP":"10.1.2.3","podIPs":[{"ip":"10.1.2.3"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """));
        var (address, configuration) = (FreeAddress(), Path.Combine(Folder, "prometheus.yml"));
        await File.WriteAllTextAsync(configuration, $"""
            scrape_configs:
            - job_name: found
              scrape_interval: 1h
              kubernetes_sd_configs:
              - role: {role}
                kubeconfig_file: {TestedCluster.Kubeconfig}
                namespaces:
                  names: [{Namespace}]
            """);
        using var prometheus = new ClientProgram("prometheus", Folder).Start(
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(Folder, "data")}", $"--web.listen-address={address}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        var log = prometheus.StandardError.ReadToEndAsync();
        try
        {
            var found = await Eventually.IsAsync(() => TargetsAsync(http), targets => targets?.Count > 0, "Prometheus finds a target");

            var labels = found![0]!["discoveredLabels"]!;
            Assert.That(
                (Reply.Render(labels["__meta_kubernetes_namespace"]), Reply.Render(labels[label])), Is.EqualTo((Namespace, "web")));
            Assert.That(
                Reply.Render(labels["__address__"]), Is.EqualTo(role == "service" ? $"web.{Namespace}.svc:80" : "10.1.2.3:8080"));

            await Delete(role == "pod" ? "pods/p?gracePeriodSeconds=0" : "services/web");
            await Eventually.IsAsync(() => TargetsAsync(http), targets => targets is { Count: 0 }, "the target is gone");
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            await log;
            await Delete("pods/p?gracePeriodSeconds=0");
        }
    }

    private static async Task<JsonArray?> TargetsAsync(HttpClient http)
    {
        try
        {
            return (JsonArray?)JsonNode.Parse(await http.GetStringAsync("/api/v1/targets"))!["data"]!["activeTargets"];
        }
        catch (HttpRequestException)
        {
            // It is starting.
            return null;
        }
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
