using System.Text.Json;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class LogTests
{
    private static readonly string[] Pods = ["digits-r1-0", "digits-r2-0"];

    [TestCase("logs", "logs", "digits")]
    [TestCase("logs-candidate", "logs", "digits", "--candidate")]
    [TestCase("logs-nothing", "logs", "digits", "--revision", "digits-r7")]
    [TestCase("logs-both", "logs", "digits", "--stable", "--candidate")]
    public async Task Lines_come_with_their_pod(string golden, params string[] arguments)
    {
        await using var api = await FakeApi.StartAsync(Answer);
        var result = await api.RunAsync(arguments);
        // Pods are read side by side; the order between them is that of their answers.
        Golden.Check(golden, result with { Output = string.Concat(result.Output.Split('\n').Order(StringComparer.Ordinal).Where(line => line.Length > 0).Select(line => line + "\n")) });
    }

    [Test]
    public async Task A_request_is_found_in_the_routers_logs()
    {
        await using var api = await FakeApi.StartAsync(Answer);
        Golden.Check("lineage-request", await api.RunAsync("lineage", "req-42"));
        Golden.Check("lineage-request-json", await api.RunAsync("lineage", "req-42", "-o", "json"));
    }

    [Test]
    public async Task A_request_that_no_router_knows_is_told()
    {
        await using var api = await FakeApi.StartAsync(Answer);
        Golden.Check("lineage-unknown", await api.RunAsync("lineage", "req-4"));
    }

    [Test]
    public async Task A_revision_tells_where_it_comes_from()
    {
        var name = await TestedCluster.NamespaceAsync("progressing");
        Golden.Check("lineage-revision", await TestedCluster.RunAsync(name, "lineage", "digits-r2"));
    }

    private static (int, string)? Answer(string path) => path switch
    {
        _ when path.StartsWith("/apis/modeloperator.io/v1alpha1/namespaces/default/modeldeployments/digits", StringComparison.Ordinal) =>
            (200, """{"apiVersion":"modeloperator.io/v1alpha1","kind":"ModelDeployment","metadata":{"name":"digits","namespace":"default"},"spec":{"model":{"uri":"https://x/1"}},"status":{"stable":{"revision":"digits-r1"},"candidate":{"revision":"digits-r2"}}}"""),
        _ when path.StartsWith("/apis/modeloperator.io/v1alpha1/namespaces/default/modelrevisions/digits-r2", StringComparison.Ordinal) =>
            (200, """{"apiVersion":"modeloperator.io/v1alpha1","kind":"ModelRevision","metadata":{"name":"digits-r2","namespace":"default"},"spec":{"deployment":"digits","number":2,"contentHash":"b","version":"2","model":{"uri":"https://x/2","lineage":{"run":"mlflow:3f2c"}},"servingRuntime":{"image":"serving:1"}},"status":{"digest":"22"}}"""),
        _ when path.StartsWith("/apis/modeloperator.io/v1alpha1/namespaces/default/modelrevisions/", StringComparison.Ordinal) => (404, FakeApi.Refusal(404, "NotFound", "not found")),
        _ when path.StartsWith("/apis/modeloperator.io/v1alpha1/namespaces/default/modelrevisions", StringComparison.Ordinal) => (200, """{"kind":"ModelRevisionList","metadata":{},"items":[]}"""),
        _ when path.Contains("/pods/digits-r1-0/log?container=model&tailLines=20", StringComparison.Ordinal) => (200, "one\ntwo\n"),
        _ when path.Contains("/pods/digits-r2-0/log", StringComparison.Ordinal) => (400, FakeApi.Refusal(400, "BadRequest", "container \"model\" in pod \"digits-r2-0\" is waiting to start: PodInitializing")),
        _ when path.Contains("/pods/router-0/log?sinceSeconds=3600&limitBytes=33554432", StringComparison.Ordinal) =>
            (200, "{\"note\":\"req-42 is not a request here\"}\n" + JsonSerializer.Serialize(new { time = "2026-11-21T10:00:00+00:00", requestId = "req-42", method = "POST", path = "/default/digits/v2/models/digits/infer", route = "default/digits", revision = "digits-r2", status = 200, attempts = 1, failedOver = false, milliseconds = 3.25 }) + "\n"),
        _ when path.StartsWith("/api/v1/namespaces/modeloperator-system/pods", StringComparison.Ordinal) => (200, List("modeloperator-system", "router-0")),
        _ when path.StartsWith("/api/v1/namespaces/default/pods", StringComparison.Ordinal) => (200, List("default", Pods)),
        _ => null,
    };

    private static string List(string namespaceName, params string[] pods) => JsonSerializer.Serialize(new
    {
        kind = "PodList",
        metadata = new { },
        items = pods.Select(pod => new
        {
            metadata = new { name = pod, @namespace = namespaceName, labels = new Dictionary<string, string> { ["modeloperator.io/revision"] = pod[..^2] } },
        }),
    });
}
