using ModelOperator.Api.ModelDeployments;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>Rollouts with real processes while the operator is killed, and what kubectl shows of them.</summary>
[TestFixture]
internal sealed class TheLifeOfADeployment
{
    private InstalledCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartAsync();
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "apply", "-f", Sample("policy.yaml"));
        await _cluster.Installation.ApplyRenderedAsync(Sample("v1.yaml"), CancellationToken.None);
        await UntilAsync("version 1 is Available", d => d is { Status: { Phase: "Available", Stable.Version: "1" } });
    }

    [OneTimeTearDown]
    public async Task Remove() => await _cluster.DisposeAsync();

    [Test]
    public async Task An_operator_killed_in_the_middle_of_a_step_is_followed_by_one_that_finishes_the_rollout()
    {
        var heldOut = HeldOutDigits.Load(Sample("heldout.json"));
        using var caller = await _cluster.CallerAsync("digits");
        await using var callers = new TrafficGenerator(caller, heldOut, 40, TimeProvider.System);
        await _cluster.Installation.ApplyRenderedAsync(Sample("v2.yaml"), CancellationToken.None);
        await UntilAsync("the first step with a share is being served", d => d.Status is { Step: "2/3", Candidate.Weight: 10, StepStartedAt: not null });

        using var killed = await _cluster.LeaderAsync();
        Assert.That(killed, Is.Not.Null);
        killed.Kill();

        await UntilAsync("version 2 is promoted", d => d is { Status: { Phase: "Available", Stable.Version: "2", Candidate: null } });
        using var successor = await _cluster.LeaderAsync();
        Assert.That(successor?.Id, Is.Not.Null.And.Not.EqualTo(killed.Id), "another operator process has taken over");

        await callers.DisposeAsync();
        var answers = callers.Since(0);
        Assert.That(answers.Where(a => a.Failure is not null).Select(a => a.Failure), Is.Empty);
        var events = await _cluster.Client.ListAsync<Corev1Event>("default", fieldSelector: "involvedObject.name=digits");
        Assert.That(
            events.Items.Where(e => e.InvolvedObject?.Kind == "ModelDeployment").GroupBy(e => (e.Reason, e.Message)).Where(g => g.Count() > 1).Select(g => g.Key),
            Is.Empty,
            "no event is written twice");
    }

    [Test]
    [DependsOnTest(nameof(An_operator_killed_in_the_middle_of_a_step_is_followed_by_one_that_finishes_the_rollout))]
    public async Task Kubectl_shows_the_deployment_its_revisions_and_pods()
    {
        var all = await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mdep,mrev,pods", "-A");
        Assert.Multiple(() =>
        {
            Assert.That(all, Does.Match("NAME +PHASE +STEP +WEIGHT +STABLE +CANDIDATE +READY +AGE"));
            Assert.That(all, Does.Match(@"default +modeldeployment.modeloperator.io/digits +Available"));
            Assert.That(all, Does.Match(@"default +modelrevision.modeloperator.io/digits-r2 +digits +2 +Stable"));
            Assert.That(all, Does.Match(@"default +pod/digits-r2-\S+ +1/1 +Running"));
        });

        var described = await _cluster.Kubectl.RunAsync(CancellationToken.None, "describe", "mdep", "digits");
        Assert.That(described, Does.Contain("Events:").And.Contain("Observed Generation:").And.Contain("Reconciling"));
    }

    [Test]
    [DependsOnTest(nameof(Kubectl_shows_the_deployment_its_revisions_and_pods))]
    public async Task A_rejected_spec_applied_again_changes_nothing()
    {
        var heldOut = HeldOutDigits.Load(Sample("heldout.json"));
        using var caller = await _cluster.CallerAsync("digits");
        await using var callers = new TrafficGenerator(caller, heldOut, 40, TimeProvider.System);
        await _cluster.Installation.ApplyRenderedAsync(Sample("crashing.yaml"), CancellationToken.None);
        await UntilAsync("crashing is rolled back", d => d.Status is { Phase: "RolledBack", Candidate: null, LastRollback.Metric: "errors" });
        var before = await GetAsync();

        await _cluster.Installation.ApplyRenderedAsync(Sample("crashing.yaml"), CancellationToken.None);
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "digits", "touched=true");
        await UntilAsync("the annotation is seen", d => d.Metadata.Annotations?.ContainsKey("touched") == true);

        var after = await GetAsync();
        Assert.That(after.Status.Phase, Is.EqualTo("RolledBack"));
        Assert.That(after.Status.Candidate, Is.Null);
        Assert.That(after.Status.LastRollback?.At, Is.EqualTo(before.Status.LastRollback?.At));
        Assert.That(
            await _cluster.Kubectl.TryRunAsync(CancellationToken.None, "get", "mrev", "digits-r4"),
            Has.Property("ExitCode").Not.Zero,
            "no new revision was made");
    }

    private async Task<V1Alpha1ModelDeployment> GetAsync() =>
        await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>("digits", "default") ?? throw new InvalidOperationException("digits is gone");

    private Task UntilAsync(string expectation, Func<V1Alpha1ModelDeployment, bool> isMet) => Eventually.IsTrueAsync(
        async () => await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>("digits", "default") is { } d
            && d.Status.ObservedGeneration == d.Metadata.Generation && isMet(d),
        expectation,
        async () => await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mdep", "-o", "yaml"));

    private string Sample(string file) => _cluster.Repository.PathOf("samples", "digits", file);
}
