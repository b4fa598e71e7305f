using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class BadInputTests
{
    private static Surroundings Plain => new() { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = TestedCluster.Time };

    [Test]
    public async Task No_cluster_configured() =>
        Golden.Check("bad-kubeconfig", await TestedCluster.RunAsync(Plain, "get", "--kubeconfig", "/nonexistent/config"));

    [Test]
    public async Task No_such_context() =>
        Assert.That((await TestedCluster.RunAsync(Plain, "get", "--kubeconfig", TestedCluster.Kubeconfig, "--context", "nowhere")) is { Exit: ExitCode.NoCluster } result
            && result.Error.Contains("has no entry named \"nowhere\"", StringComparison.Ordinal));

    [Test]
    public async Task A_cluster_that_does_not_answer()
    {
        var api = await FakeApi.StartAsync(_ => null);
        await api.StopAsync();
        var result = await api.RunAsync("get");
        await api.DisposeAsync();
        Golden.Check("bad-unreachable", result);
    }

    [TestCase("bad-forbidden-get", "get")]
    [TestCase("bad-forbidden-status", "status", "digits")]
    [TestCase("bad-forbidden-promote", "promote", "digits")]
    public async Task No_permission(string golden, params string[] arguments)
    {
        await using var api = await FakeApi.StartAsync(_ => (403, FakeApi.Refusal(
            403, "Forbidden", "modeldeployments.modeloperator.io is forbidden: User \"bob\" cannot list resource \"modeldeployments\" in API group \"modeloperator.io\" in the namespace \"default\"")));
        Golden.Check(golden, await api.RunAsync(arguments));
    }

    [Test]
    public async Task Nobody_knows_who_asks()
    {
        await using var api = await FakeApi.StartAsync(_ => (401, FakeApi.Refusal(401, "Unauthorized", "Unauthorized")));
        Golden.Check("bad-unauthorized", await api.RunAsync("get"));
    }

    [TestCase("bad-not-installed-get", "get")]
    [TestCase("bad-not-installed-explain", "explain", "digits")]
    public async Task The_CRDs_are_missing(string golden, params string[] arguments)
    {
        await using var api = await FakeApi.StartAsync(path => path == "/apis/modeloperator.io" ? (404, "404 page not found") : null);
        Golden.Check(golden, await api.RunAsync(arguments));
    }

    [Test]
    public async Task The_CRDs_are_of_another_version()
    {
        await using var api = await FakeApi.StartAsync(path => path == "/apis/modeloperator.io" ? (200, """{"kind":"APIGroup","versions":[{"version":"v1"}]}""") : null);
        Golden.Check("bad-version", await api.RunAsync("get"));
    }

    [Test]
    public async Task The_CRDs_are_incomplete()
    {
        await using var api = await FakeApi.StartAsync(_ => null);
        Golden.Check("bad-incomplete", await api.RunAsync("get"));
    }

    [TestCase("bad-command", "gte")]
    [TestCase("bad-option", "get", "--al")]
    [TestCase("bad-output", "get", "-o", "xml")]
    [TestCase("bad-no-name", "status")]
    [TestCase("bad-no-command")]
    public async Task A_command_line_that_makes_no_sense(string golden, params string[] arguments) =>
        Golden.Check(golden, await TestedCluster.RunAsync(Plain, arguments));

    [Test]
    public async Task Text_of_a_cluster_cannot_steer_a_terminal()
    {
        var name = await TestedCluster.NamespaceAsync("progressing");
        await TestedCluster.Client.SendAsync<System.Text.Json.Nodes.JsonObject>(
            HttpMethod.Patch,
            $"/apis/modeloperator.io/v1alpha1/namespaces/{name}/modeldeployments/digits/status",
            new System.Text.Json.Nodes.JsonObject { ["status"] = new System.Text.Json.Nodes.JsonObject { ["message"] = "a\u001b[31mb\u0007\nc\u202Ed" } });
        foreach (var command in new[] { "status", "explain" })
        {
            var result = await TestedCluster.RunAsync(name, command, "digits");
            Assert.That(result.Output, Does.Contain("a\uFFFD[31mb\uFFFD c\uFFFDd"));
            Assert.That(result.Output, Does.Not.Contain("\u001b"));
        }
    }
}
