using System.Text.Json.Nodes;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>One ModelDeployment whose candidates go bad, one after the other.</summary>
internal sealed class BreachDrill(DrillGround ground, string name)
{
    private static readonly TimeSpan Closely = TimeSpan.FromMilliseconds(2);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await ground.Client.CreateAsync(
            new V1Alpha1RollbackPolicy
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
                Spec = new RollbackPolicySpec { Interval = "1s", Metrics = [new PolicyMetric { Name = "errors", Builtin = "errorRate", Max = 0.05 }] },
            },
            cancellationToken: cancellationToken);
        await ground.Client.CreateAsync(
            new V1Alpha1ModelDeployment
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
                Spec = new ModelDeploymentSpec
                {
                    Model = new ModelSource { Uri = "http://models/1/model.onnx" },
                    Replicas = 1,
                    Rollout = new RolloutSettings { Steps = [new RolloutStep { Weight = 10, Hold = "1h" }], Policies = [new PolicyReference { Name = name }] },
                },
            },
            cancellationToken: cancellationToken);
        ground.Counters.Serve(name, $"{name}-r1");
        await UntilAsync("it is Available", deployment => deployment.Status.Phase == "Available", cancellationToken);
    }

    /// <summary>Rolls a version out that goes bad.</summary>
    /// <returns>From the first scrape that shows it until the router serves a route on which it has no share.</returns>
    public async Task<TimeSpan> RunAsync(int version, CancellationToken cancellationToken)
    {
        var revision = $"{name}-r{version}";
        ground.Counters.Serve(name, revision);
        await ground.Client.PatchAsync<V1Alpha1ModelDeployment>(
            name,
            "default",
            PatchType.MergePatch,
            new JsonObject { ["spec"] = new JsonObject { ["model"] = new JsonObject { ["uri"] = $"http://models/{version}/model.onnx" } } },
            cancellationToken: cancellationToken);
        await UntilAsync(
            "the step is served", d => d.Status is { StepStartedAt: not null, Candidate: { Weight: 10 } candidate } && candidate.Revision == revision, cancellationToken);

        // At any moment between two scrapes, and after any number of looks.
        await Task.Delay(TimeSpan.FromSeconds(0.5 + (3 * Random.Shared.NextDouble())), TimeProvider.System, cancellationToken);
        ground.Counters.GoBad(revision);
        await Condition.IsTrueAsync($"{revision} has no share", () => ground.IsServedWithoutAsync(name, revision, cancellationToken), Closely, cancellationToken);
        var endedAt = TimeProvider.System.GetUtcNow();
        await UntilAsync("it is rolled back", deployment => deployment.Status is { Phase: "RolledBack", Candidate: null }, cancellationToken);
        var seenAt = await ground.FirstErrorScrapedAtAsync(revision, cancellationToken);
        ground.Counters.Forget(revision);
        return endedAt - seenAt;
    }

    private Task UntilAsync(string expectation, Func<V1Alpha1ModelDeployment, bool> isMet, CancellationToken cancellationToken) => Condition.IsTrueAsync(
        $"{name}: {expectation}", () => Task.FromResult(ground.Deployments.Get(name, "default") is { } deployment && isMet(deployment)), cancellationToken);
}
