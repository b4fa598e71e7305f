using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Jobs;
using ModelOperator.DevCluster.Tests.Node;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class JobTests
{
    private RunningCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartCluster() => _cluster = await RunningCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopCluster() => await _cluster.DisposeAsync();

    [Test]
    public async Task Kubectl_waits_for_a_job_to_complete_and_its_pods_stay_for_their_logs()
    {
        var space = await _cluster.NamespaceAsync("completes");
        await _cluster.Client.CreateAsync(Job(space, "echo trained", completions: 3, parallelism: 2));

        await _cluster.KubectlAsync(space, "wait", "--for=condition=complete", "job/train", "--timeout=60s");

        var job = await _cluster.Client.GetAsync<Job>("train", space);
        Assert.That((job!.Status.Succeeded, job.Status.Failed ?? 0, job.Status.Active ?? 0), Is.EqualTo((3, 0, 0)));
        Assert.That(job.Status.Conditions!.Select(c => c.Type), Is.EqualTo(new[] { "SuccessCriteriaMet", "Complete" }));
        Assert.That(job.Status.CompletionTime, Is.Not.Null);
        var pods = (await _cluster.Client.ListAsync<V1Pod>(space)).Items;
        Assert.That(pods.Select(p => (p.Status!.Phase, p.Metadata.Finalizers?.Count ?? 0)), Is.All.EqualTo(("Succeeded", 0)));
    }

    [Test]
    public async Task A_job_whose_pods_keep_failing_fails()
    {
        var space = await _cluster.NamespaceAsync("fails");
        var job = Job(space, "exit 3");
        job.Spec.BackoffLimit = 1;
        await _cluster.Client.CreateAsync(job);

        var failed = await _cluster.UntilAsync<Job>("train", space, j => j?.End is { Type: "Failed" });

        Assert.That((failed!.End!.Reason, failed.Status.Failed), Is.EqualTo(("BackoffLimitExceeded", 2)));
    }

    [Test]
    public async Task A_job_past_its_deadline_is_stopped()
    {
        var space = await _cluster.NamespaceAsync("deadline");
        var job = Job(space, "sleep 600");
        job.Spec.ActiveDeadlineSeconds = 1;
        await _cluster.Client.CreateAsync(job);

        var failed = await _cluster.UntilAsync<Job>("train", space, j => j?.End is { Type: "Failed" });

        Assert.That(failed!.End!.Reason, Is.EqualTo("DeadlineExceeded"));
        await _cluster.UntilAllAsync<V1Pod>(space, pods => pods.Count == 0);
    }

    [Test]
    public async Task Every_pod_of_an_indexed_job_knows_its_index()
    {
        var space = await _cluster.NamespaceAsync("indexed");
        var job = Job(space, "echo $JOB_COMPLETION_INDEX $HOSTNAME", completions: 3, parallelism: 3);
        job.Spec.CompletionMode = "Indexed";
        await _cluster.Client.CreateAsync(job);

        var done = await _cluster.UntilAsync<Job>("train", space, j => j?.End is { Type: "Complete" });

        Assert.That(done!.Status.CompletedIndexes, Is.EqualTo("0-2"));
        Assert.That(
            await _cluster.KubectlAsync(space, "logs", "-l", "batch.kubernetes.io/job-completion-index=2"), Is.EqualTo("2 train-2\n"));
    }

    [Test]
    public async Task A_suspended_job_runs_nothing_until_it_is_resumed()
    {
        var space = await _cluster.NamespaceAsync("suspended");
        var job = Job(space, "exit 0");
        job.Spec.Suspend = true;
        await _cluster.Client.CreateAsync(job);
        await _cluster.UntilAsync<Job>("train", space, j => j?.ConditionOf("Suspended") is not null);
        Assert.That((await _cluster.Client.ListAsync<V1Pod>(space)).Items, Is.Empty);

        await _cluster.Client.PatchAsync<Job>("train", space, PatchType.MergePatch, JsonNode.Parse("""{"spec":{"suspend":false}}""")!);

        await _cluster.UntilAsync<Job>("train", space, j => j?.End is { Type: "Complete" });
    }

    [Test]
    public async Task An_ended_job_goes_with_its_pods_when_its_time_is_up()
    {
        var space = await _cluster.NamespaceAsync("expires");
        var job = Job(space, "exit 0");
        job.Spec.TtlSecondsAfterFinished = 0;
        await _cluster.Client.CreateAsync(job);

        await _cluster.UntilAsync<Job>("train", space, j => j is null);
        await _cluster.UntilAllAsync<V1Pod>(space, pods => pods.Count == 0);
    }

    [Test]
    public async Task A_deleted_job_takes_its_pods_along()
    {
        var space = await _cluster.NamespaceAsync("goes");
        await _cluster.Client.CreateAsync(Job(space, "sleep 600"));
        await _cluster.UntilAllAsync<V1Pod>(space, pods => pods.Any(NodeTests.IsReady));

        await _cluster.Client.DeleteAsync<Job>("train", space, new DeleteOptions(PropagationPolicy: "Background"));

        await _cluster.UntilAllAsync<V1Pod>(space, pods => pods.Count == 0);
    }

    private static Job Job(string space, string script, int completions = 1, int parallelism = 1) => new()
    {
        ApiVersion = "batch/v1",
        Kind = "Job",
        Metadata = new V1ObjectMeta { Name = "train", NamespaceProperty = space },
        Spec = new JobSpec
        {
            Completions = completions,
            Parallelism = parallelism,
            Template = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["restartPolicy"] = "Never",
                    ["terminationGracePeriodSeconds"] = 1,
                    ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "busybox", ["args"] = new JsonArray(script) }),
                },
            },
        },
    };
}
