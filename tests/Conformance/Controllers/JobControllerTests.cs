using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Controllers;

/// <summary>Jobs at work. No node takes their pods: the tests say how each ended.</summary>
[TestFixture]
internal sealed class JobControllerTests : ConformanceTest
{
    protected override bool CreatesPods => true;

    [Test]
    public async Task A_job_whose_pod_succeeds_is_complete()
    {
        await Created("jobs", Manifests.Job("j"));
        await EndPodsAsync(1, "Succeeded");

        var job = await Until("jobs/j", reply => Condition(reply, "Complete") is not null, "is complete");

        Assert.That((Condition(job, "Complete"), job["status.succeeded"], job["status.completionTime"] is not null), Is.EqualTo(("True CompletionsReached", "1", true)));
    }

    [Test]
    public async Task A_job_runs_as_many_pods_as_it_may_at_once()
    {
        await Created("jobs", Manifests.Job("j").With("spec.completions", "3").With("spec.parallelism", "2"));

        await EndPodsAsync(2, "Succeeded");
        await Until("pods", reply => Unfinished(reply).Count() == 1, "the last pod runs");
        await EndPodsAsync(1, "Succeeded");

        await Until("jobs/j", reply => reply["status.succeeded"] == "3" && Condition(reply, "Complete") is not null, "is complete");
    }

    [Test]
    public async Task A_job_whose_pods_fail_too_often_is_failed()
    {
        await Created("jobs", Manifests.Job("j").With("spec.backoffLimit", "0"));
        await EndPodsAsync(1, "Failed");

        var job = await Until("jobs/j", reply => Condition(reply, "Failed") is not null, "has failed");

        Assert.That((Condition(job, "Failed"), job["status.failed"]), Is.EqualTo(("True BackoffLimitExceeded", "1")));
    }

    [Test]
    public async Task A_suspended_job_has_no_pods_until_it_resumes()
    {
        await Created("jobs", Manifests.Job("j").With("spec.suspend", "true"));
        await Until("jobs/j", reply => Condition(reply, "Suspended") == "True JobSuspended", "is suspended");
        Assert.That((await Get("pods")).Items, Is.Empty);

        await MergePatch("jobs/j", """{"spec":{"suspend":false}}""");

        await Until("pods", reply => reply.Items.Count == 1, "there is one");
        await Until("jobs/j", reply => Condition(reply, "Suspended") == "False JobResumed", "has resumed");
    }

    [Test]
    public async Task An_indexed_job_gives_each_pod_its_index()
    {
        await Created("jobs", Manifests.Job("j").With("spec.completionMode", "\"Indexed\"").With("spec.completions", "2").With("spec.parallelism", "2"));

        var pods = await Until("pods", reply => reply.Items.Count == 2, "there are two");

        Assert.That(
            Enumerable.Range(0, 2).Select(i => pods[$"items[{i}].metadata.annotations['batch.kubernetes.io/job-completion-index']"]), Is.EquivalentTo(new[] { "0", "1" }));
        await EndPodsAsync(2, "Succeeded");
        await Until("jobs/j", reply => reply["status.completedIndexes"] == "0,1", "has both");
    }

    [Test]
    public async Task A_job_past_its_deadline_is_failed()
    {
        await Created("jobs", Manifests.Job("j").With("spec.activeDeadlineSeconds", "1"));

        var job = await Until("jobs/j", reply => Condition(reply, "Failed") is not null, "has failed");

        Assert.That(Condition(job, "Failed"), Is.EqualTo("True DeadlineExceeded"));
        await Until("pods", reply => !Unfinished(reply).Any(), "its pods end");
    }

    [Test]
    public async Task A_finished_job_is_removed_after_its_time()
    {
        await Created("jobs", Manifests.Job("j").With("spec.ttlSecondsAfterFinished", "0"));
        await EndPodsAsync(1, "Succeeded");

        await Until("jobs/j", reply => reply.Code == 404, "is removed");
    }

    private async Task EndPodsAsync(int count, string phase)
    {
        var pods = await Until("pods", reply => Unfinished(reply).Count() == count, $"{count} are running");
        foreach (var name in Unfinished(pods))
        {
            Answered(200, await MergePatch($"pods/{name}/status", $$$$"""{"status":{"phase":"{{{{phase}}}}"}}"""));
        }
    }

    private static IEnumerable<string> Unfinished(Reply pods) => ((JsonArray)pods.Json["items"]!)
        .Where(pod => pod!["metadata"]!["deletionTimestamp"] is null && pod["status"]!["phase"]!.GetValue<string>() == "Pending")
        .Select(pod => pod!["metadata"]!["name"]!.GetValue<string>());

    private static string? Condition(Reply reply, string type) => reply.Code != 200 ? null : Reply.At(reply.Json, "status.conditions")?.AsArray()
        .Where(condition => condition!["type"]!.GetValue<string>() == type)
        .Select(condition => $"{condition!["status"]} {condition["reason"]}")
        .FirstOrDefault();
}
