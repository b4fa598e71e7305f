using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class ReadingTests
{
    private string _namespace = "";

    [OneTimeSetUp]
    public async Task Load() => _namespace = await TestedCluster.NamespaceAsync("progressing", "baking", "rolledback", "degraded", "paused");

    [TestCase("status-progressing", "status", "digits")]
    [TestCase("status-baking", "status", "faces")]
    [TestCase("status-rolledback", "status", "spam")]
    [TestCase("status-degraded", "status", "voice")]
    [TestCase("status-paused", "status", "taxi")]
    [TestCase("status-name", "status", "taxi", "-o", "name")]
    [TestCase("explain-progressing", "explain", "digits")]
    [TestCase("explain-baking", "explain", "faces")]
    [TestCase("explain-rolledback", "explain", "spam")]
    [TestCase("explain-degraded", "explain", "voice")]
    [TestCase("explain-paused", "explain", "taxi")]
    [TestCase("explain-json", "explain", "taxi", "-o", "json")]
    [TestCase("history", "history", "faces")]
    [TestCase("history-rolledback", "history", "spam")]
    [TestCase("history-name", "history", "faces", "-o", "name")]
    [TestCase("diff", "diff", "faces-r1", "faces-r2")]
    [TestCase("diff-json", "diff", "faces-r1", "faces-r2", "-o", "json")]
    [TestCase("diff-same", "diff", "faces-r1", "faces-r1")]
    [TestCase("get-name", "get", "-o", "name")]
    [TestCase("get-missing", "get", "digit")]
    [TestCase("status-missing", "status", "fases")]
    [TestCase("diff-missing", "diff", "faces-r1", "faces-r9")]
    public async Task Prints_what_is_expected(string golden, params string[] arguments) =>
        Golden.Check(golden, await TestedCluster.RunAsync(_namespace, arguments));

    [Test]
    public async Task Get_prints_the_columns_of_the_CRD()
    {
        var lines = (await TestedCluster.RunAsync(_namespace, "get")).Output.Split('\n');
        Assert.That(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "NAME", "PHASE", "STEP", "WEIGHT", "STABLE", "CANDIDATE", "READY", "AGE" }));
        Assert.That(lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..6], Is.EqualTo(new[] { "digits", "Progressing", "1/3", "10", "1", "2" }));
    }

    [Test]
    public async Task Get_of_a_name_as_JSON_is_the_object_itself()
    {
        var result = await TestedCluster.RunAsync(_namespace, "get", "digits", "-o", "json");
        using var json = System.Text.Json.JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.GetProperty("status").GetProperty("step").GetString(), Is.EqualTo("1/3"));
    }

    [Test]
    public async Task Get_of_all_namespaces_tells_them()
    {
        var result = await TestedCluster.RunAsync("default", "get", "-A");
        Assert.That(result.Output, Does.Match($"(?m)^{_namespace} +digits +Progressing"));
    }

    [Test]
    public async Task On_a_terminal_of_40_columns_no_line_is_longer()
    {
        foreach (var command in new[] { "get", "status digits", "history faces", "explain digits" })
        {
            var surroundings = new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = TestedCluster.Time, Width = 40, Colours = false };
            var result = await TestedCluster.RunAsync(surroundings, [.. command.Split(' '), "--kubeconfig", TestedCluster.Kubeconfig, "-n", _namespace]);
            Assert.That(result.Code, Is.Zero, result.Error);
            Assert.That(result.Output.Split('\n').Select(line => line.Length), Has.All.LessThanOrEqualTo(40), result.Output);
        }
    }
}
