using FsCheck;
using FsCheck.Fluent;
using ModelOperator.DevCluster.Controllers.Jobs;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class JobPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JobBackoff Backoff = JobBackoff.FromBase(TimeSpan.FromSeconds(10));

    [Test]
    public void No_more_pods_run_than_parallelism_allows_and_completions_still_need()
    {
        Assert.That(Plan(Job(completions: 5, parallelism: 3)).Create, Has.Length.EqualTo(3));
        Assert.That(Plan(Job(completions: 5, parallelism: 3, succeeded: 4)).Create, Has.Length.EqualTo(1));
        Assert.That(Plan(Job(completions: 5, parallelism: 2), Pod("a"), Pod("b"), Pod("c")).Delete, Has.Length.EqualTo(1));
    }

    [Test]
    public void A_job_starts_its_clock_on_the_first_pass()
    {
        var plan = Plan(Job());

        Assert.That(plan.Status.StartTime, Is.EqualTo(Now.UtcDateTime));
        Assert.That((plan.Status.Active, plan.Status.Ready, plan.Status.Terminating), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void An_ended_pod_is_noted_then_released_then_counted()
    {
        var pod = Pod("a", phase: "Succeeded");

        var noted = Plan(Job(), pod);
        Assert.That(noted.Status.UncountedTerminatedPods!.Succeeded, Is.EqualTo(new[] { "a" }));
        Assert.That(noted.Status.Succeeded, Is.Zero);
        Assert.That(noted.Release, Is.EqualTo(new[] { pod }));

        pod.Metadata.Finalizers = null;
        var counted = Plan(Job(noted.Status), pod);
        Assert.That(counted.Status.Succeeded, Is.EqualTo(1));
        Assert.That(counted.Status.UncountedTerminatedPods!.IsEmpty, Is.True);
        Assert.That(counted.Release, Is.Empty);
    }

    [Test]
    public void A_job_meets_its_criteria_before_it_is_complete()
    {
        var pod = Pod("a", phase: "Succeeded");

        var met = Plan(Job(), pod).Status;
        Assert.That(met.Conditions!.Select(c => (c.Type, c.Reason)), Is.EqualTo(new[] { ("SuccessCriteriaMet", "CompletionsReached") }));

        pod.Metadata.Finalizers = null;
        var complete = Plan(Job(met), pod);
        Assert.That(complete.Status.Conditions!.Select(c => c.Type), Is.EqualTo(new[] { "SuccessCriteriaMet", "Complete" }));
        Assert.That(complete.Status.Conditions![1].Message, Is.EqualTo("Reached expected number of succeeded pods"));
        Assert.That(complete.Status.CompletionTime, Is.EqualTo(Now.UtcDateTime));
        Assert.That(complete.Event!.Value.Reason, Is.EqualTo("Completed"));
    }

    [Test]
    public void A_failed_pod_is_replaced_after_a_wait_that_doubles()
    {
        var first = Plan(Job(), Pod("a", phase: "Failed", finishedAt: Now));
        Assert.That((first.Create.Length, first.LookAgainAt), Is.EqualTo((0, (DateTimeOffset?)Now.AddSeconds(10))));

        var job = Job(first.Status);
        Assert.That(JobPlanner.Plan(job, [Pod("a", phase: "Failed", finishedAt: Now)], Backoff, Now.AddSeconds(10)).Create, Has.Length.EqualTo(1));
        var second = Plan(job, Pod("a", phase: "Failed", finishedAt: Now.AddSeconds(-60)), Pod("b", phase: "Failed", finishedAt: Now));
        Assert.That(second.LookAgainAt, Is.EqualTo(Now.AddSeconds(20)));
    }

    [Test]
    public void A_success_forgives_the_failures_before_it()
    {
        var plan = Plan(
            Job(completions: 3),
            Pod("a", phase: "Failed", finishedAt: Now.AddSeconds(-2)),
            Pod("b", phase: "Succeeded", finishedAt: Now.AddSeconds(-1)));

        Assert.That(plan.Create, Has.Length.EqualTo(1));
    }

    [Test]
    public void More_failures_than_the_backoff_limit_fail_the_job_and_end_what_runs()
    {
        var running = Pod("c");
        var plan = Plan(Job(completions: 2, parallelism: 2, backoffLimit: 0), Pod("a", phase: "Failed"), running);

        Assert.That(plan.Delete, Is.EqualTo(new[] { running }));
        Assert.That(plan.Status.Conditions!.Select(c => (c.Type, c.Reason)), Is.EqualTo(new[] { ("FailureTarget", "BackoffLimitExceeded") }));
        Assert.That((plan.Status.Active, plan.Status.Terminating), Is.EqualTo((0, 1)));
        Assert.That(plan.Status.UncountedTerminatedPods!.Failed, Is.EqualTo(new[] { "a", "c" }));

        var ended = Plan(Job(plan.Status, completions: 2, backoffLimit: 0));
        Assert.That(ended.Status.Conditions!.Select(c => c.Type), Is.EqualTo(new[] { "FailureTarget", "Failed" }));
        Assert.That((ended.Status.Failed, ended.Status.CompletionTime), Is.EqualTo((2, (DateTime?)null)));
        Assert.That(ended.Event!.Value.Reason, Is.EqualTo("BackoffLimitExceeded"));
    }

    [Test]
    public void Restarts_in_place_count_towards_the_backoff_limit()
    {
        var job = Job(backoffLimit: 2);
        job.Spec.Template = new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["restartPolicy"] = "OnFailure" } };
        var pod = Pod("a");
        pod.Status!.ContainerStatuses = [new V1ContainerStatus { RestartCount = 1 }];
        Assert.That(Plan(job, pod).Status.Conditions, Is.Null);

        pod.Status.ContainerStatuses[0].RestartCount = 2;

        Assert.That(Plan(job, pod).Status.Conditions!.Single().Reason, Is.EqualTo("BackoffLimitExceeded"));
    }

    [Test]
    public void A_job_that_is_active_for_too_long_fails()
    {
        var job = Job(new JobStatus { StartTime = Now.UtcDateTime });
        job.Spec.ActiveDeadlineSeconds = 60;
        Assert.That(Plan(job, Pod("a")).LookAgainAt, Is.EqualTo(Now.AddSeconds(60)));

        var late = JobPlanner.Plan(job, [Pod("a")], Backoff, Now.AddSeconds(60));

        Assert.That(late.Delete, Has.Length.EqualTo(1));
        Assert.That(late.Status.Conditions!.Single().Message, Is.EqualTo("Job was active longer than specified deadline"));
    }

    [Test]
    public void A_suspended_job_gives_up_its_pods_and_its_clock_and_starts_anew_when_resumed()
    {
        var job = Job(new JobStatus { StartTime = Now.AddHours(-1).UtcDateTime });
        job.Spec.Suspend = true;

        var suspended = Plan(job, Pod("a"));
        Assert.That(suspended.Delete, Has.Length.EqualTo(1));
        Assert.That((suspended.Status.StartTime, suspended.Event!.Value.Reason), Is.EqualTo(((DateTime?)null, "Suspended")));

        job = Job(suspended.Status);
        var resumed = Plan(job);
        Assert.That(resumed.Status.StartTime, Is.EqualTo(Now.UtcDateTime));
        Assert.That(resumed.Status.Conditions!.Select(c => (c.Type, c.Status, c.Reason)), Is.EqualTo(new[] { ("Suspended", "False", "JobResumed") }));
        Assert.That(resumed.Create, Has.Length.EqualTo(1));
    }

    [Test]
    public void Without_completions_one_success_ends_the_job_once_the_others_have_ended()
    {
        var job = Job(parallelism: 2);
        job.Spec.Completions = null;

        Assert.That(Plan(job).Create, Has.Length.EqualTo(2));
        var running = Plan(job, Pod("a", phase: "Succeeded"), Pod("b"));
        Assert.That((running.Create.Length, running.Delete.Length, running.Status.Conditions), Is.EqualTo((0, 0, (IReadOnlyList<JobCondition>?)null)));
        Assert.That(Plan(job, Pod("a", phase: "Succeeded"), Pod("b", phase: "Failed")).Status.Conditions!.Single().Type, Is.EqualTo("SuccessCriteriaMet"));
    }

    [Test]
    public void An_indexed_job_fills_the_lowest_free_indexes_and_counts_each_once()
    {
        var job = Job(new JobStatus { CompletedIndexes = "0" }, completions: 5, parallelism: 3);
        job.Spec.CompletionMode = "Indexed";

        var plan = Plan(job, Pod("a", index: 2), Pod("b", phase: "Succeeded", index: 1), Pod("c", phase: "Succeeded", index: 1));

        Assert.That(plan.Create, Is.EqualTo(new int?[] { 3, 4 }));
        Assert.That((plan.Status.Succeeded, plan.Status.CompletedIndexes), Is.EqualTo((2, "0,1")));
        Assert.That(plan.Release, Has.Length.EqualTo(2));
    }

    [Test]
    public void A_job_that_waits_for_pods_to_fail_does_not_replace_one_on_its_way_out()
    {
        var job = Job();
        job.Spec.PodReplacementPolicy = "Failed";
        Assert.That(Plan(job, Pod("a", deleted: true)).Create, Is.Empty);

        job.Spec.PodReplacementPolicy = "TerminatingOrFailed";
        var plan = Plan(job, Pod("a", deleted: true));
        Assert.That(plan.Status.UncountedTerminatedPods!.Failed, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void An_ended_job_does_nothing_more_and_expires_when_its_time_is_up()
    {
        var job = Job(new JobStatus { Conditions = [JobCondition.True("Complete", "CompletionsReached", "", Now)] });
        job.Spec.TtlSecondsAfterFinished = 100;

        var plan = Plan(job, Pod("left"));

        Assert.That((plan.Create.Length, plan.Delete.Length, plan.Expired, plan.LookAgainAt), Is.EqualTo((0, 0, false, (DateTimeOffset?)Now.AddSeconds(100))));
        Assert.That(JobPlanner.Plan(job, [], Backoff, Now.AddSeconds(100)).Expired, Is.True);
    }

    [Test]
    public void A_job_that_is_being_deleted_lets_its_pods_go()
    {
        var job = Job();
        job.Metadata.DeletionTimestamp = Now.UtcDateTime;

        var plan = Plan(job, Pod("a"));

        Assert.That((plan.Create.Length, plan.Delete.Length, plan.Release.Length), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void A_pod_has_everything_that_the_template_says_and_the_job_adds()
    {
        var job = Job();
        job.Spec.Template = new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["labels"] = new System.Text.Json.Nodes.JsonObject { ["app"] = "x" } },
            ["spec"] = new System.Text.Json.Nodes.JsonObject
            {
                ["unknownHere"] = 1,
                ["containers"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["name"] = "a" }),
            },
        };

        var pod = JobPodFactory.Create(job, 7);

        Assert.That((string)pod["metadata"]!["name"]!, Does.Match("^train-7-[a-z0-9]{5}$"));
        Assert.That((string)pod["metadata"]!["labels"]!["app"]!, Is.EqualTo("x"));
        Assert.That((string)pod["metadata"]!["labels"]!["batch.kubernetes.io/job-completion-index"]!, Is.EqualTo("7"));
        Assert.That((string)pod["metadata"]!["finalizers"]![0]!, Is.EqualTo("batch.kubernetes.io/job-tracking"));
        Assert.That((int)pod["spec"]!["unknownHere"]!, Is.EqualTo(1));
        Assert.That((string)pod["spec"]!["containers"]![0]!["env"]![0]!["name"]!, Is.EqualTo("JOB_COMPLETION_INDEX"));
        Assert.That((string)pod["spec"]!["hostname"]!, Is.EqualTo("train-7"));
    }

    [TestCase("0-3,5", new[] { 0, 1, 2, 3, 5 }, "0-3,5")]
    [TestCase("1,2", new[] { 1, 2 }, "1,2")]
    [TestCase("nonsense,3-", new int[0], "")]
    [TestCase("4-99", new[] { 4, 5, 6, 7, 8, 9 }, "4-9")]
    public void Index_sets_read_and_write_ranges(string text, int[] indexes, string written)
    {
        var set = IndexSet.Parse(text, 10);

        Assert.That(Enumerable.Range(0, 20).Where(set.Contains), Is.EqualTo(indexes));
        Assert.That(set.ToString(), Is.EqualTo(written));
    }

    [Test]
    public void Whatever_the_pods_do_every_success_is_counted_once_and_the_job_ends()
    {
        var outcome = Gen.Elements("Succeeded", "Failed", "Running");
        Check.One(
            Config.QuickThrowOnFailure.WithReplay(7, 15).WithMaxTest(500),
            Prop.ForAll(outcome.ListOf(40).ToArbitrary(), HoldsFor));

        // A world that does what the plans say, in which pods end as the list has it.
        static bool HoldsFor(IList<string> outcomes)
        {
            var job = Job(completions: 4, parallelism: 2, backoffLimit: 5);
            var pods = new List<V1Pod>();
            var (now, made, succeeded, failed) = (Now, 0, 0, 0);
            foreach (var next in outcomes.Concat(Enumerable.Repeat("Succeeded", 60)))
            {
                now = now.AddMinutes(20);
                var plan = JobPlanner.Plan(job, pods, Backoff, now);
                job = Job(plan.Status, completions: 4, parallelism: 2, backoffLimit: 5);
                foreach (var pod in plan.Release)
                {
                    pod.Metadata.Finalizers = null;
                }

                pods.RemoveAll(p => plan.Delete.Contains(p));
                pods.AddRange(plan.Create.Select(_ => Pod($"{made++}")));
                if (pods.Count(p => p.Status!.Phase == "Running") > 2)
                {
                    return false;
                }

                if (next != "Running" && pods.Find(p => p.Status!.Phase == "Running") is { } ending)
                {
                    ending.Status!.Phase = next;
                    (succeeded, failed) = next == "Succeeded" ? (succeeded + 1, failed) : (succeeded, failed + 1);
                }
            }

            return job.End?.Type == (failed > 5 ? "Failed" : "Complete")
                && job.Status.Succeeded == succeeded
                && (job.End.Type == "Failed" || succeeded == 4);
        }
    }

    private static JobPlan Plan(Job job, params V1Pod[] pods) => JobPlanner.Plan(job, pods, Backoff, Now);

    private static Job Job(JobStatus? status = null, int completions = 1, int parallelism = 1, int backoffLimit = 6, int succeeded = 0) => new()
    {
        Metadata = new V1ObjectMeta { Name = "train", NamespaceProperty = "default", Uid = "job" },
        Spec = new JobSpec { Completions = completions, Parallelism = parallelism, BackoffLimit = backoffLimit },
        Status = status ?? new JobStatus { Succeeded = succeeded },
    };

    private static V1Pod Pod(string name, string phase = "Running", bool deleted = false, DateTimeOffset? finishedAt = null, int? index = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Uid = name,
            Finalizers = [JobPods.TrackingFinalizer],
            DeletionTimestamp = deleted ? Now.UtcDateTime : null,
            CreationTimestamp = Now.UtcDateTime,
            Annotations = index is { } i ? new Dictionary<string, string> { [JobPods.IndexName] = $"{i}" } : null,
        },
        Spec = new V1PodSpec { NodeName = "n" },
        Status = new V1PodStatus
        {
            Phase = phase,
            ContainerStatuses = finishedAt is { } at
                ? [new V1ContainerStatus { State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { FinishedAt = at.UtcDateTime } } }]
                : [],
        },
    };
}
