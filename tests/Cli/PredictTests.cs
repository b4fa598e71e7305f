using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class PredictTests
{
    private string _namespace = "";

    [OneTimeSetUp]
    public async Task Load() => _namespace = await TestedCluster.NamespaceAsync("progressing", "degraded");

    [Test]
    public async Task The_answer_goes_out_and_what_is_known_of_it_beside()
    {
        await using var router = await FakeApi.StartAsync(path => path == $"/{_namespace}/digits/v2/models/digits/infer" ? (200, """{"outputs":[]}""") : null);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"inputs":[]}""");
        var result = await TestedCluster.RunAsync(_namespace, "predict", "digits", "-d", "@" + file, "--url", router.Address);
        File.Delete(file);
        Assert.That(result.Exit, Is.EqualTo(ExitCode.Ok), result.Error);
        Assert.That(result.Output, Is.EqualTo("{\"outputs\":[]}\n"));
        Assert.That(result.Error, Does.Match("^HTTP 200  [0-9.]+ ms  digits-r2  version 2\n$"));
    }

    [Test]
    public async Task A_refusal_of_the_model_is_a_failure()
    {
        await using var router = await FakeApi.StartAsync(_ => (400, """{"error":"bad shape"}"""));
        var result = await TestedCluster.RunAsync(_namespace, "predict", "digits", "-d", "{}", "--url", router.Address);
        Assert.That(result.Exit, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Output, Does.Contain("bad shape"));
    }

    [TestCase("predict-no-json", "predict", "digits", "-d", "{")]
    [TestCase("predict-no-file", "predict", "digits", "-d", "@/nonexistent.json")]
    [TestCase("predict-no-address", "predict", "voice", "-d", "{}")]
    [TestCase("predict-bad-url", "predict", "digits", "-d", "{}", "--url", "ftp://x")]
    public async Task Nonsense_is_told(string golden, params string[] arguments) => Golden.Check(golden, await TestedCluster.RunAsync(_namespace, arguments));
}
