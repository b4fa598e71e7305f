using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class WaitingTests
{
    private string _namespace = "";

    [OneTimeSetUp]
    public async Task Load() => _namespace = await TestedCluster.NamespaceAsync("progressing", "baking", "rolledback", "degraded", "paused");

    [TestCase("until-promoted", "faces", "promoted")]
    [TestCase("until-rolledback", "spam", "rolledback")]
    [TestCase("until-available-rolledback", "spam", "available")]
    [TestCase("until-available-degraded", "voice", "available")]
    [TestCase("until-available-paused", "taxi", "available")]
    [TestCase("until-paused", "taxi", "paused")]
    public async Task A_wait_ends_with_an_exit_code_of_its_own(string golden, string deployment, string goal) =>
        Golden.Check(golden, await TestedCluster.RunAsync(_namespace, "status", deployment, "--until", goal, "--timeout", "60s"));

    [Test]
    public async Task A_wait_ends_when_its_time_is_up() =>
        Golden.Check("until-timeout", await TestedCluster.RunAsync(_namespace, "status", "digits", "--until", "available", "--timeout", "1s"));

    [TestCase("until-nonsense", "--until", "great")]
    [TestCase("timeout-nonsense", "--until", "available", "--timeout", "soon")]
    public async Task Nonsense_is_told(string golden, params string[] arguments) =>
        Golden.Check(golden, await TestedCluster.RunAsync(_namespace, ["status", "digits", .. arguments]));

    [Test]
    public async Task A_watch_in_a_pipe_prints_a_line_for_each_change_until_the_goal()
    {
        var name = await TestedCluster.NamespaceAsync("progressing");
        var output = new FollowedWriter();
        var watching = TestedCluster.RunAsync(
            new Surroundings { Out = output, Error = new StringWriter(), In = TextReader.Null, Time = TestedCluster.Time },
            "status", "digits", "--until", "promoted", "--timeout", "60s", "--kubeconfig", TestedCluster.Kubeconfig, "-n", name);
        await output.UntilAsync("digits-r2:10%");
        await PatchAsync(name, new JsonObject { ["phase"] = "Progressing", ["candidate"] = new JsonObject { ["weight"] = 50 }, ["stable"] = new JsonObject { ["weight"] = 50 } });
        await output.UntilAsync("digits-r2:50%");
        await PatchAsync(name, new JsonObject { ["phase"] = "Baking", ["message"] = "it bakes" });
        var result = await watching;
        Assert.That(result.Exit, Is.EqualTo(ExitCode.Ok), result.Error);
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3), result.Output);
        Assert.That(result.Output, Does.EndWith("it bakes\n"));
    }

    private static Task<JsonObject> PatchAsync(string namespaceName, JsonObject status) => TestedCluster.Client.SendAsync<JsonObject>(
        HttpMethod.Patch, $"/apis/{ApiGroup.ApiVersion}/namespaces/{namespaceName}/modeldeployments/digits/status", new JsonObject { ["status"] = status });
}
