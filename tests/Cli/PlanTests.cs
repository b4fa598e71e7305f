using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class PlanTests
{
    private const string Spam2 = """{model: {uri: "https://models.example.com/spam/2/model.onnx", version: "2"}""";

    private string _namespace = "";

    [OneTimeSetUp]
    public async Task Load() => _namespace = await TestedCluster.NamespaceAsync("progressing", "rolledback");

    [TestCase("plan-first", "other", """{model: {uri: "https://x/1"}}""")]
    [TestCase("plan-new", "spam", """{model: {uri: "https://x/3"}, replicas: 4, accelerator: {count: 2}}""")]
    [TestCase("plan-approval", "spam", """{model: {uri: "https://x/3"}, rollout: {bake: 10m, steps: [{weight: 10, hold: evidence, minHold: 2m}, {weight: 50, hold: approval}, {weight: 75, hold: 5m}]}}""")]
    [TestCase("plan-recreate", "spam", """{model: {uri: "https://x/3"}, replicas: 2, rollout: {strategy: Recreate, bake: 1m}}""")]
    [TestCase("plan-rejected", "spam", Spam2 + "}")]
    [TestCase("plan-rejected-replicas", "spam", Spam2 + ", replicas: 5}")]
    [TestCase("plan-superseded", "digits", """{model: {uri: "https://x/3"}}""")]
    [TestCase("plan-falling", "spam", """{model: {uri: "https://x/3"}, rollout: {steps: [{weight: 50, hold: 5m}, {weight: 10, hold: 5m}]}}""")]
    [TestCase("plan-type", "spam", """{model: {uri: "https://x/3"}, replicas: many}""")]
    public async Task A_plan_says_what_applying_would_do(string golden, string name, string spec) => Golden.Check(golden, await PlanAsync($$"""
        apiVersion: modeloperator.io/v1alpha1
        kind: ModelDeployment
        metadata: {name: {{name}}}
        spec: {{spec}}
        """));

    [Test]
    public async Task A_plan_for_programs() => Golden.Check("plan-json", await PlanAsync(
        "{apiVersion: modeloperator.io/v1alpha1, kind: ModelDeployment, metadata: {name: spam}, spec: {model: {uri: \"https://x/3\"}}}", "-o", "json"));

    [TestCase("plan-no-yaml", "a: [1")]
    [TestCase("plan-nothing", "kind: Pod")]
    [TestCase("plan-nameless", "kind: ModelDeployment")]
    public async Task What_is_no_manifest_is_told_with_its_place(string golden, string text) => Golden.Check(golden, await PlanAsync(text));

    [Test]
    public async Task Aliases_cannot_blow_up()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.That((await PlanAsync(bomb)).Exit, Is.EqualTo(ExitCode.Usage));
    }

    private Task<RunResult> PlanAsync(string text, params string[] more) => TestedCluster.RunAsync(
        new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = new StringReader(text), Time = TestedCluster.Time },
        ["plan", "-f", "-", .. more, "--kubeconfig", TestedCluster.Kubeconfig, "-n", _namespace]);
}
