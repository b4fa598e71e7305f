using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Kinds;

/// <summary>Deployments, ReplicaSets, Jobs and CronJobs as the API keeps them.</summary>
[TestFixture]
internal sealed class WorkloadTests : ConformanceTest
{
    [Test]
    public async Task A_deployment_gets_its_defaults()
    {
        var created = await Created("deployments", Manifests.Deployment("web").With("spec.replicas", "null"));

        Assert.That(
            (created["spec.replicas"], created["spec.strategy.type"], created["spec.strategy.rollingUpdate.maxSurge"], created["spec.strategy.rollingUpdate.maxUnavailable"], created["spec.revisionHistoryLimit"], created["spec.progressDeadlineSeconds"]),
            Is.EqualTo(("1", "RollingUpdate", "25%", "25%", "10", "600")));
        Assert.That(created["spec.template.spec.restartPolicy"], Is.EqualTo("Always"));
    }

    [TestCase("spec.selector", "null", "spec.selector: Required value", TestName = "A deployment without a selector")]
    [TestCase("spec.selector", """{"matchLabels":{}}""", "empty selector is invalid for deployment", TestName = "A deployment with an empty selector")]
    [TestCase("spec.selector", """{"matchLabels":{"app":"other"}}""", "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`", TestName = "A deployment whose selector misses its pods")]
    [TestCase("spec.replicas", "-1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0", TestName = "A deployment of less than no pods")]
    [TestCase("spec.strategy", """{"type":"Sideways"}""", "supported values: \"Recreate\", \"RollingUpdate\"", TestName = "A strategy that is none")]
    [TestCase("spec.strategy", """{"type":"Recreate","rollingUpdate":{"maxSurge":1}}""", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'", TestName = "Rolling limits without rolling")]
    [TestCase("spec.strategy", """{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0", TestName = "A rolling update that cannot move")]
    [TestCase("spec.strategy", """{"rollingUpdate":{"maxSurge":"half"}}""", "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"half\": a valid percent string must be a numeric string followed by an ending '%'", TestName = "A limit that is no percentage")]
    [TestCase("spec.minReadySeconds", "-1", "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0", TestName = "A negative time to be ready")]
    [TestCase("spec.progressDeadlineSeconds", "0", "spec.progressDeadlineSeconds: Invalid value: 0: must be greater than minReadySeconds", TestName = "A deadline before readiness")]
    [TestCase("spec.template.spec.restartPolicy", "\"Never\"", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"", TestName = "A deployment's pods always restart")]
    [TestCase("spec.template.spec.containers", "[]", "spec.template.spec.containers: Required value", TestName = "A template without containers")]
    public async Task A_deployment_is_invalid(string path, string value, string error)
    {
        var refused = await Post("deployments", Manifests.Deployment("web").With(path, value));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith("Deployment.apps \"web\" is invalid: ").And.Contain(error));
    }

    [Test]
    public async Task The_selector_of_a_deployment_cannot_change()
    {
        await Created("deployments", Manifests.Deployment("web"));

        var refused = await MergePatch("deployments/web", """{"spec":{"selector":{"matchLabels":{"app":"web","tier":"x"}},"template":{"metadata":{"labels":{"tier":"x"}}}}}""");

        Assert.That(refused.Code, Is.EqualTo(422));
        Assert.That(refused.Message, Does.StartWith("Deployment.apps \"web\" is invalid: spec.selector: Invalid value: {").And.EndWith(": field is immutable"));
    }

    [Test]
    public async Task Scale_reads_and_sets_the_replicas()
    {
        await Created("deployments", Manifests.Deployment("web", 2));

        var scale = Answered(200, await Get("deployments/web/scale"));
        Assert.That(
            (scale["kind"], scale["apiVersion"], scale.Name, scale["spec.replicas"], scale["status.selector"]),
            Is.EqualTo(("Scale", "autoscaling/v1", "web", "2", "app=web")));

        var scaled = Answered(200, await Put("deployments/web/scale", """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"web"},"spec":{"replicas":3}}"""));
        Assert.That((scaled["spec.replicas"], (await Get("deployments/web"))["spec.replicas"]), Is.EqualTo(("3", "3")));
    }

    [Test]
    public async Task A_negative_scale_is_invalid()
    {
        await Created("deployments", Manifests.Deployment("web"));

        Invalid(
            await MergePatch("deployments/web/scale", """{"spec":{"replicas":-1}}"""),
            "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0");
    }

    [Test]
    public async Task A_status_is_written_only_through_its_own_path()
    {
        await Created("deployments", Manifests.Deployment("web"));

        await MergePatch("deployments/web", """{"status":{"collisionCount":9}}""");
        Assert.That((await Get("deployments/web"))["status.collisionCount"], Is.Null);

        var reported = Answered(200, await MergePatch("deployments/web/status", """{"spec":{"replicas":9},"status":{"collisionCount":9}}"""));
        Assert.That((reported["status.collisionCount"], reported["spec.replicas"]), Is.EqualTo(("9", "1")));
    }

    [Test]
    public async Task A_job_gets_its_defaults_and_a_selector_of_its_own()
    {
        var job = await Created("jobs", Manifests.Job("j").With("spec.suspend", "true"));

        Assert.That(
            (job["spec.parallelism"], job["spec.completions"], job["spec.backoffLimit"], job["spec.completionMode"], job["spec.suspend"], job["spec.manualSelector"], job["spec.podReplacementPolicy"]),
            Is.EqualTo(("1", "1", "6", "NonIndexed", "true", "false", "TerminatingOrFailed")));
        Assert.That(job["spec.selector.matchLabels['batch.kubernetes.io/controller-uid']"], Is.EqualTo(job["metadata.uid"]));
        Assert.That(
            (job["spec.template.metadata.labels['batch.kubernetes.io/job-name']"], job["spec.template.metadata.labels['job-name']"], job["spec.template.metadata.labels['controller-uid']"]),
            Is.EqualTo(("j", "j", job["metadata.uid"])));
    }

    [TestCase("spec.template.spec.restartPolicy", "\"Always\"", "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"", TestName = "A job's pods do not always restart")]
    [TestCase("spec.backoffLimit", "-1", "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0", TestName = "A negative back-off limit")]
    [TestCase("spec.completionMode", "\"Some\"", "spec.completionMode: Unsupported value: \"Some\": supported values: ", TestName = "A completion mode that is none")]
    [TestCase("spec.parallelism", "-1", "spec.parallelism: Invalid value: -1: must be greater than or equal to 0", TestName = "A negative parallelism")]
    public async Task A_job_is_invalid(string path, string value, string error)
    {
        var refused = await Post("jobs", Manifests.Job("j").With(path, value));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith("Job.batch \"j\" is invalid: ").And.Contain(error));
    }

    [Test]
    public async Task The_template_of_a_job_cannot_change()
    {
        await Created("jobs", Manifests.Job("j"));

        var refused = await StrategicPatch("jobs/j", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"example.com/none:2"}]}}}}""");

        Assert.That(refused.Code, Is.EqualTo(422));
        Assert.That(refused.Message, Does.StartWith("Job.batch \"j\" is invalid: spec.template: Invalid value: {").And.EndWith(": field is immutable"));
    }

    [Test]
    public async Task The_completions_of_a_job_cannot_change()
    {
        await Created("jobs", Manifests.Job("j"));

        Invalid(await MergePatch("jobs/j", """{"spec":{"completions":3}}"""), "Job.batch \"j\" is invalid: spec.completions: Invalid value: 3: field is immutable");
    }

    [Test]
    public async Task A_cron_job_gets_its_defaults()
    {
        var job = Manifests.Job("j");
        var cron = await Created("cronjobs", """{"metadata":{"name":"c"},"spec":{"suspend":true,"schedule":"*/5 * * * *","jobTemplate":{}}}""".With("spec.jobTemplate.spec", System.Text.Json.Nodes.JsonNode.Parse(job)!["spec"]!.ToJsonString()));

        Assert.That(
            (cron["spec.concurrencyPolicy"], cron["spec.successfulJobsHistoryLimit"], cron["spec.failedJobsHistoryLimit"], cron["spec.jobTemplate.spec.template.spec.restartPolicy"]),
            Is.EqualTo(("Allow", "3", "1", "Never")));
    }

    [Test]
    public async Task A_name_too_long_for_the_pods_of_a_deployment_is_still_a_name() =>
        await Created("deployments", Manifests.Deployment("w").With("metadata.name", $"\"{new string('w', 100)}\""));
}
