using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>Real pods, a real Prometheus and callers that never stop, while something goes wrong.</summary>
[TestFixture]
internal sealed class RolloutsInTrouble
{
    private InstalledCluster _cluster = null!;
    private HeldOutDigits _heldOut = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartAsync();
        _heldOut = HeldOutDigits.Load(_cluster.Repository.PathOf("samples", "digits", "heldout.json"));
        await _cluster.Client.ApplyAsync(Digits.ErrorPolicy(Digits.Policy, minSamples: 25), fieldManager: "gitops");
        await _cluster.Client.ApplyAsync(Digits.ErrorPolicy(Digits.PatientPolicy, minSamples: 1_000_000), fieldManager: "gitops");
    }

    [OneTimeTearDown]
    public async Task Remove()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task A_prometheus_that_is_away_holds_the_step_and_takes_nothing_back()
    {
        await using var scene = await ServeAsync("outage");
        await scene.ApplyAsync("v2", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 50, Hold = "6s" }]);
        await scene.UntilAsync("the step is served", d => d.Status is { Step: "1/1", StepStartedAt: not null });

        await ScalePrometheusAsync(0);
        await scene.UntilAsync("the outage is told", d => Condition(d, ConditionTypes.MetricsAvailable) == "False");
        await scene.UntilAsync("the step has lasted its time", d => TimeProvider.System.GetUtcNow().UtcDateTime > d.Status.StepStartedAt + TimeSpan.FromSeconds(8));
        var during = await scene.GetAsync();
        Assert.That((during.Status.Step, during.Status.Candidate?.Weight, during.Status.LastRollback), Is.EqualTo(("1/1", 50, (RollbackRecord?)null)));

        await ScalePrometheusAsync(1);
        await scene.UntilAsync("v2 is Available", d => d.Status is { Phase: "Available", Stable.Version: "v2" });
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_candidate_that_needs_a_device_that_is_not_there_is_given_up_with_the_scheduler_s_words()
    {
        await using var scene = await ServeAsync("no-gpu");
        await scene.ApplyAsync("v2", spec =>
        {
            spec.Accelerator = new Accelerator { Resource = "nvidia.com/gpu", Count = 1 };
            spec.Rollout!.ProgressDeadline = "4s";
        });
        await scene.UntilAsync("it is waited for, with the cause", d => d.Status.Message?.Contains("nvidia.com/gpu", StringComparison.Ordinal) == true);
        await scene.UntilAsync("it is given up", d => d.Status is { Phase: "RolledBack", Candidate: null });
        Assert.That((await scene.GetAsync()).Status.LastRollback!.Reason, Does.Contain("Insufficient nvidia.com/gpu"));
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_candidate_that_is_killed_for_memory_is_given_up_with_that_cause()
    {
        await using var scene = await ServeAsync("oom");
        await scene.ApplyAsync("v2", spec =>
        {
            spec.Runtime!.Resources = new V1ResourceRequirements
            {
                Requests = new Dictionary<string, string> { ["memory"] = "1Mi" },
                Limits = new Dictionary<string, string> { ["memory"] = "4Mi" },
            };
            // Between two kills it may answer a few callers: what counts here is that it does not stay ready.
            spec.Rollout!.Steps = [new RolloutStep { Weight = 20, Hold = "approval" }];
            spec.Rollout.Policies = [new PolicyReference { Name = Digits.PatientPolicy }];
            spec.Rollout.ProgressDeadline = "4s";
        });
        await scene.UntilAsync("it is given up", d => d.Status is { Phase: "RolledBack", Candidate: null });
        Assert.That((await scene.GetAsync()).Status.LastRollback!.Reason, Does.Contain("OOMKilled"));
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task Stable_that_loses_half_its_pods_while_a_candidate_is_taken_back_costs_no_request()
    {
        await using var scene = await ServeAsync("halved");
        await scene.ApplyAsync("v2", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 50, Hold = "approval" }]);
        await scene.UntilAsync("the step is served", d => d.Status is { Step: "1/1", StepStartedAt: not null });

        var pods = await _cluster.Client.ListAsync<V1Pod>(new ListOptions { NamespaceName = "default", LabelSelector = $"{LabelNames.Revision}=halved-r1" });
        await Task.WhenAll(
            _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "halved", $"{CommandAnnotations.Abort}=halved-r2@1", $"{CommandAnnotations.Reason}=drill"),
            _cluster.Client.DeleteAsync<V1Pod>(pods.Items[0].Name(), "default"));

        await scene.UntilAsync("stable is whole again and serves all", d => d.Status is { Phase: "RolledBack", Candidate: null, Stable.Ready: 2, Stable.Weight: 100 });
        Assert.That((await scene.GetAsync()).Status.LastRollback!.Reason, Is.EqualTo("a person asked for it: drill"));
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_new_spec_in_the_middle_of_a_rollout_starts_with_a_fresh_candidate_and_a_revert_ends_it()
    {
        await using var scene = await ServeAsync("changing");
        await scene.ApplyAsync("v2", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 20, Hold = "1h" }]);
        await scene.UntilAsync("the first candidate has its share", d => d.Status is { Candidate: { Revision: "changing-r2", Weight: 20 } });

        await scene.ApplyAsync("skewed", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 20, Hold = "1h" }]);
        await scene.UntilAsync("the second has taken its place", d => d.Status is { Candidate: { Revision: "changing-r3", Weight: 20 } });
        Assert.That(await scene.OutcomeAsync("changing-r2"), Is.EqualTo("Superseded"));

        await scene.ApplyAsync("v1");
        await scene.UntilAsync("stable has everything again", d => d.Status is { Phase: "Available", Candidate: null, Stable.Revision: "changing-r1" });
        Assert.That(await scene.OutcomeAsync("changing-r3"), Is.EqualTo("RolledBack"));
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_rejected_spec_that_gitops_applies_again_and_again_without_a_pause_stays_rejected_until_a_retry()
    {
        await using var scene = await ServeAsync("gitops");
        await scene.ApplyAsync("crashing");
        await scene.UntilAsync("it is rolled back", d => d.Status is { Phase: "RolledBack", Candidate: null, LastRollback.Metric: "errors" });
        var rolledBackAt = (await scene.GetAsync()).Status.LastRollback!.At;

        // Harder than a sync every second: the next one comes as soon as the last is seen.
        for (var i = 0; i < 10; i++)
        {
            await scene.ApplyAsync("crashing");
            await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "--overwrite", "mdep", "gitops", $"sync={i}");
            await scene.UntilAsync("the sync is seen", d => d.Status.ObservedGeneration == d.Metadata.Generation);
        }

        var after = await scene.GetAsync();
        Assert.That((after.Status.Phase, after.Status.Candidate, after.Status.LastRollback!.At), Is.EqualTo(("RolledBack", (ArmStatus?)null, rolledBackAt)));

        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "gitops", $"{CommandAnnotations.Retry}=gitops-r2");
        await scene.UntilAsync("the retry is tried, and fails again", d => d.Status is { Phase: "RolledBack", Candidate: null } && d.Status.LastRollback!.At > rolledBackAt);
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_canary_that_shares_stable_s_room_takes_no_pod_more_than_was_asked_for()
    {
        await using var scene = await ServeAsync("shared");
        await scene.ApplyAsync("v2", spec =>
        {
            spec.Rollout!.Capacity = "Shared";
            spec.Rollout.Steps = [new RolloutStep { Weight = 5, Hold = "approval" }];
        });
        await scene.UntilAsync("the candidate has one of the two pods, and half of the requests", d => d.Status is { StepStartedAt: not null, Candidate: { Ready: 1, Weight: 50 } });
        var pods = await _cluster.Client.ListAsync<V1Pod>(new ListOptions { NamespaceName = "default", LabelSelector = $"{LabelNames.Deployment}=shared" });
        Assert.That(pods.Items.Select(pod => pod.GetLabel(LabelNames.Revision)), Is.EquivalentTo(new[] { "shared-r1", "shared-r2" }));

        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "shared", $"{CommandAnnotations.Promote}=shared-r2@1");
        await scene.UntilAsync("v2 has both", d => d.Status is { Phase: "Available", Stable: { Version: "v2", Ready: 2 } });
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_step_that_waits_for_evidence_ends_when_the_evidence_is_there()
    {
        await _cluster.Client.ApplyAsync(Digits.EvidencePolicy("proof"), fieldManager: "gitops");
        await using var scene = await ServeAsync("proven");
        await scene.ApplyAsync("v2", spec =>
        {
            spec.Rollout!.Steps = [new RolloutStep { Weight = 50, Hold = "evidence", MinHold = "2s", MaxHold = "2m" }];
            spec.Rollout.Policies = [new PolicyReference { Name = "proof" }];
        });
        await scene.UntilAsync("v2 is Available", d => d.Status is { Phase: "Available", Stable.Version: "v2" });
        var verdict = (await _cluster.Client.GetAsync<V1Alpha1ModelRevision>("proven-r2", "default"))!.Status.Verdicts!.Single();
        Assert.That((verdict.Metric, verdict.Proven), Is.EqualTo(("no-slower", (bool?)true)));
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_person_who_takes_a_promoted_version_back_gets_the_one_before_until_the_spec_changes()
    {
        await using var scene = await ServeAsync("regretted");
        await scene.ApplyAsync("v2", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 50, Hold = "2s" }]);
        await scene.UntilAsync("v2 is Available", d => d.Status is { Phase: "Available", Stable.Version: "v2" });

        await _cluster.Kubectl.RunAsync(
            CancellationToken.None, "annotate", "mdep", "regretted", $"{CommandAnnotations.Rollback}=regretted-r1", $"{CommandAnnotations.Reason}=complaints");
        await scene.UntilAsync("v1 serves again", d => d.Status is { Phase: "RolledBack", Candidate: null, Stable: { Revision: "regretted-r1", Weight: 100 } });
        Assert.That((await scene.GetAsync()).Status.LastRollback, Has.Property("From").EqualTo("regretted-r2").And.Property("Reason").Contains("complaints"));

        await scene.ApplyAsync("v1");
        await scene.UntilAsync("the spec agrees", d => d.Status is { Phase: "Available", Stable.Revision: "regretted-r1" });
        await scene.AssertNothingFailedAsync();
    }

    private async Task<Scene> ServeAsync(string name)
    {
        var scene = new Scene(_cluster, name);
        await scene.ApplyAsync("v1");
        await scene.UntilAsync("v1 is Available", d => d.Status is { Phase: "Available", Stable.Version: "v1" });
        scene.Call(await _cluster.CallerAsync(name), _heldOut);
        return scene;
    }

    private Task<string> ScalePrometheusAsync(int replicas) => _cluster.Kubectl.RunAsync(
        CancellationToken.None, "scale", "deployment/prometheus", "--namespace", Installation.SystemNamespace, $"--replicas={replicas}");

    private static string? Condition(V1Alpha1ModelDeployment deployment, string type) =>
        deployment.Status.Conditions?.FirstOrDefault(condition => condition.Type == type)?.Status;
}
