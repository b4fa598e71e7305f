using System.Text.RegularExpressions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>Manifests that cannot work: each is refused or explained, and none gets traffic.</summary>
[TestFixture]
internal sealed partial class WhatUsersGetWrong
{
    private InstalledCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task Install() => _cluster = await InstalledCluster.StartAsync();

    [OneTimeTearDown]
    public async Task Remove() => await _cluster.DisposeAsync();

    [TestCase("model: {uri: 'http://x/m.onnx'}, replica: 2", "spec.replica", TestName = "An unknown field is refused with its path")]
    [TestCase("model: {uri: 'http://x/m.onnx'}, replicas: two", "spec.replicas", TestName = "A wrong type is refused with its path")]
    [TestCase("model: {uri: 'http://x/m.onnx'}, replicas: -1", "spec.replicas", TestName = "An impossible number is refused with its path")]
    [TestCase("model: {uri: 'ftp://x/m.onnx'}", "spec.model.uri", TestName = "A scheme that cannot be fetched is refused with its path")]
    [TestCase("model: {uri: 'http://x/m.onnx', sha256: abc}", "spec.model.sha256", TestName = "A digest that is none is refused with its path")]
    [TestCase("replicas: 1", "spec.model", TestName = "A missing model is refused with its path")]
    [TestCase("model: {uri: 'http://x/m.onnx'}, rollout: {steps: [{weight: 150, hold: 1m}]}", "spec.rollout.steps[0].weight", TestName = "A share above 100 is refused with its path")]
    [TestCase("model: {uri: 'http://x/m.onnx'}, rollout: {steps: [{weight: 10, hold: soon}]}", "spec.rollout.steps[0].hold", TestName = "A time that is none is refused with its path")]
    [TestCase(
        "model: {uri: 'http://x/m.onnx'}, rollout: {steps: [{weight: 50, hold: 1m}, {weight: 10, hold: 1m}]}", "spec.rollout.steps: Invalid value", TestName = "Shares that fall are refused with their path")]
    public async Task Refused_by_the_api(string spec, string path)
    {
        var result = await ApplyAsync("wrong", spec);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(InTodaysWords(result.Error), Does.Contain(path));
        Assert.That(await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>("wrong", "default"), Is.Null);
    }

    [TestCase("builtin: errorRate", "spec.metrics[0]: Invalid value", "give min, max or both", TestName = "A metric without a bound is refused with its path")]
    [TestCase("max: 1", "spec.metrics[0]: Invalid value", "give one of builtin, query and compare", TestName = "A metric that measures nothing is refused with its path")]
    [TestCase("query: 'drift{{pod}}', max: 1", "spec.metrics[0].query: Invalid value", "an unknown variable", TestName = "An unknown variable of a query is refused with its path")]
    [TestCase(
        "compare: {bad: 'bad{{pod}}', total: all}", "spec.metrics[0].compare.bad: Invalid value", "an unknown variable", TestName = "An unknown variable of a counter is refused with its path")]
    [TestCase("builtin: errorRate, max: 1, minSamples: 0", "spec.metrics[0].minSamples", "greater than or equal to 1", TestName = "No samples at all are refused with their path")]
    public async Task Refused_by_the_api_as_a_policy(string metric, string path, string word)
    {
        var result = await ApplyAsync("wrong", $"metrics: [{{name: judged, {metric}}}]", "RollbackPolicy");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain(path).And.Contain(word));
        Assert.That(await _cluster.Client.GetAsync<V1Alpha1RollbackPolicy>("wrong", "default"), Is.Null);
    }

    [TestCase("gone", "uri: 'http://STORE/digits/v9/model.onnx'", "404", TestName = "A model that is not there is named in status and describe")]
    [TestCase("text", "uri: 'http://STORE/digits/README.md'", "ONNX", TestName = "A file that is no ONNX model is named in status and describe")]
    [TestCase(
        "other", "uri: 'http://STORE/digits/v1/model.onnx', sha256: '0000000000000000000000000000000000000000000000000000000000000000'", "sha256",
        TestName = "Bytes with another digest are named in status and describe")]
    public async Task Explained_and_kept_from_traffic(string name, string model, string word)
    {
        var applied = await ApplyAsync(name, $"model: {{{model.Replace("STORE", _cluster.Installation.ModelStore, StringComparison.Ordinal)}}}, rollout: {{progressDeadline: 60s}}");
        Assert.That(applied.ExitCode, Is.Zero, applied.Error);

        await Eventually.IsTrueAsync(
            async () => (await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>(name, "default"))?.Status.Message?.Contains(word, StringComparison.OrdinalIgnoreCase) == true,
            $"status.message of {name} says \"{word}\"",
            async () => (await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>(name, "default"))?.Status.Message);

        var wide = await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mdep", name, "-o", "wide");
        var described = await _cluster.Kubectl.RunAsync(CancellationToken.None, "describe", "mdep", name);
        Assert.That(wide, Does.Contain(word).IgnoreCase);
        Assert.That(described, Does.Contain(word).IgnoreCase);

        using var caller = await _cluster.CallerAsync(name);
        var answer = await caller.AskAsync(new Demo.Traffic.HeldOutDigits.Digit("{}"u8.ToArray(), 0, []), CancellationToken.None);
        Assert.That(answer.Failure, Does.StartWith("503").Or.StartWith("404"));
    }

    // kubectl before 1.27 finds unknown and missing fields by itself and says it in other words.
    private static string InTodaysWords(string error) => OldWording().Replace(error, "${path}.${field}");

    [GeneratedRegex("ValidationError\\(ModelDeployment\\.(?<path>[^)]+)\\): (unknown|missing required) field \"(?<field>[^\"]+)\"")]
    private static partial Regex OldWording();

    private async Task<Demo.Cluster.ToolResult> ApplyAsync(string name, string spec, string kind = "ModelDeployment")
    {
        var file = Path.Combine(Path.GetDirectoryName(_cluster.Kubeconfig)!, $"{TestContext.CurrentContext.Test.ID}.yaml");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: modeloperator.io/v1alpha1
            kind: {{kind}}
            metadata: {name: {{name}}, namespace: default}
            spec: { {{spec}} }
            """);
        return await _cluster.Kubectl.TryRunAsync(CancellationToken.None, "apply", "-f", file);
    }
}
