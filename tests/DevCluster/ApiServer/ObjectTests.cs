using System.Net;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class ObjectTests : ClusterTests
{
    [Test]
    public async Task A_request_without_the_token_is_401()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pods");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer wrong");
        using var response = await Cluster.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["reason"]!.GetValue<string>(), Is.EqualTo("Unauthorized"));
    }

    [Test]
    public async Task A_created_object_gets_what_the_server_owns()
    {
        var created = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        Assert.That(created.Code, Is.EqualTo(201));
        Assert.That(created.At("metadata", "uid"), Is.Not.Null);
        Assert.That(created.At("metadata", "creationTimestamp"), Is.Not.Null);
        Assert.That(created.At("metadata", "namespace")!.GetValue<string>(), Is.EqualTo(Namespace));
        Assert.That((await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"))).Message, Is.EqualTo("configmaps \"cm\" already exists"));
    }

    [Test]
    public async Task A_generated_name_starts_with_its_prefix()
    {
        var created = await Cluster.PostAsync($"{Core}/configmaps", """{"metadata":{"generateName":"cm-"}}""");

        Assert.That(created.At("metadata", "name")!.GetValue<string>(), Does.Match("^cm-[a-z0-9]{5}$"));
    }

    [Test]
    public async Task Nothing_is_created_in_a_namespace_that_does_not_exist()
    {
        var answer = await Cluster.PostAsync("/api/v1/namespaces/nowhere/configmaps", ConfigMap("cm"));

        Assert.That((answer.Code, answer.Message), Is.EqualTo((404, "namespaces \"nowhere\" not found")));
    }

    [Test]
    public async Task An_update_of_an_old_version_conflicts()
    {
        var created = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));
        await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"data":{"a":"2"}}""");

        var stale = await Cluster.PutAsync($"{Core}/configmaps/cm", created.Text);

        Assert.That(stale.Code, Is.EqualTo(409));
        Assert.That(stale.Message, Does.StartWith("Operation cannot be fulfilled on configmaps \"cm\": the object has been modified"));
    }

    [Test]
    public async Task A_write_that_changes_nothing_makes_no_new_version()
    {
        var created = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        Assert.That((await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"data":{"a":"1"}}""")).Version, Is.EqualTo(created.Version));
    }

    [Test]
    public async Task A_dry_run_answers_as_if_and_stores_nothing()
    {
        var answer = await Cluster.PostAsync($"{Core}/configmaps?dryRun=All", ConfigMap("dry"));

        Assert.That(answer.Code, Is.EqualTo(201));
        Assert.That((await Cluster.GetAsync($"{Core}/configmaps/dry")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task The_generation_counts_changes_of_the_spec_only()
    {
        await Cluster.PostAsync($"{Apps}/deployments", Deployment("web"));
        await Cluster.MergeAsync($"{Apps}/deployments/web", """{"metadata":{"labels":{"a":"b"}}}""");
        await Cluster.MergeAsync($"{Apps}/deployments/web/status", """{"status":{"replicas":1}}""");
        Assert.That((await Cluster.GetAsync($"{Apps}/deployments/web")).At("metadata", "generation")!.GetValue<int>(), Is.EqualTo(1));

        var scaled = await Cluster.MergeAsync($"{Apps}/deployments/web", """{"spec":{"replicas":3}}""");

        Assert.That(scaled.At("metadata", "generation")!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(scaled.At("status", "replicas")!.GetValue<int>(), Is.EqualTo(1), "the status survives");
    }

    [Test]
    public async Task A_write_of_the_object_cannot_change_its_status_nor_the_other_way_round()
    {
        await Cluster.PostAsync($"{Apps}/deployments", Deployment("web"));
        await Cluster.MergeAsync($"{Apps}/deployments/web", """{"status":{"replicas":9}}""");
        await Cluster.MergeAsync($"{Apps}/deployments/web/status", """{"spec":{"replicas":9}}""");

        var found = await Cluster.GetAsync($"{Apps}/deployments/web");

        Assert.That(found.At("status", "replicas"), Is.Null);
        Assert.That(found.At("spec", "replicas")!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task Scale_reads_and_writes_the_replicas()
    {
        await Cluster.PostAsync($"{Apps}/deployments", Deployment("web"));

        var scaled = await Cluster.MergeAsync($"{Apps}/deployments/web/scale", """{"spec":{"replicas":4}}""");

        Assert.That(scaled.At("status", "selector")!.GetValue<string>(), Is.EqualTo("app=x"));
        Assert.That((await Cluster.GetAsync($"{Apps}/deployments/web")).At("spec", "replicas")!.GetValue<int>(), Is.EqualTo(4));
    }

    [Test]
    public async Task An_object_with_a_finalizer_waits_for_it()
    {
        await Cluster.PostAsync($"{Core}/configmaps", """{"metadata":{"name":"cm","finalizers":["example.com/x"]}}""");

        await Cluster.DeleteAsync($"{Core}/configmaps/cm");
        Assert.That((await Cluster.GetAsync($"{Core}/configmaps/cm")).At("metadata", "deletionTimestamp"), Is.Not.Null);
        await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"metadata":{"finalizers":null}}""");

        Assert.That((await Cluster.GetAsync($"{Core}/configmaps/cm")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_pod_goes_at_once_before_it_has_a_node_and_gracefully_after()
    {
        await Cluster.PostAsync($"{Core}/pods", Pod("unbound"));
        await Cluster.DeleteAsync($"{Core}/pods/unbound");
        Assert.That((await Cluster.GetAsync($"{Core}/pods/unbound")).Code, Is.EqualTo(404));

        await Cluster.PostAsync($"{Core}/pods", Pod("bound"));
        await Cluster.PostAsync($"{Core}/pods/bound/binding", """{"target":{"kind":"Node","name":"n1"}}""");
        await Cluster.DeleteAsync($"{Core}/pods/bound");
        var leaving = await Cluster.GetAsync($"{Core}/pods/bound");
        Assert.That(leaving.At("metadata", "deletionGracePeriodSeconds")!.GetValue<int>(), Is.EqualTo(30));
        Assert.That(leaving.At("spec", "nodeName")!.GetValue<string>(), Is.EqualTo("n1"));

        await Cluster.DeleteAsync($"{Core}/pods/bound", """{"gracePeriodSeconds":0}""");
        Assert.That((await Cluster.GetAsync($"{Core}/pods/bound")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task An_eviction_spends_the_budget_and_waits_when_it_is_spent()
    {
        await Cluster.PostAsync($"{Core}/pods", Pod("one").Replace("\"name\":\"one\"", "\"name\":\"one\",\"labels\":{\"app\":\"x\"}"));
        await Cluster.MergeAsync($"{Core}/pods/one/status", """{"status":{"phase":"Running"}}""");
        var budgets = $"/apis/policy/v1/namespaces/{Namespace}/poddisruptionbudgets";
        await Cluster.PostAsync(budgets, """{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");
        await Cluster.MergeAsync($"{budgets}/b/status", """{"status":{"observedGeneration":1,"disruptionsAllowed":0,"desiredHealthy":1,"currentHealthy":1}}""");

        var refused = await Cluster.PostAsync($"{Core}/pods/one/eviction", "{}");
        await Cluster.MergeAsync($"{budgets}/b/status", """{"status":{"disruptionsAllowed":1}}""");
        var allowed = await Cluster.PostAsync($"{Core}/pods/one/eviction", "{}");

        Assert.That((refused.Code, refused.Message), Is.EqualTo((429, "Cannot evict pod as it would violate the pod's disruption budget.")));
        Assert.That(allowed.Code, Is.EqualTo(201), allowed.Text);
        Assert.That((await Cluster.GetAsync($"{Core}/pods/one")).Code, Is.EqualTo(404));
        Assert.That((await Cluster.GetAsync($"{budgets}/b")).At("status", "disruptionsAllowed")!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task Whoever_asks_may_do_everything()
    {
        var answer = await Cluster.PostAsync(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"delete","resource":"nodes"}}}""");

        Assert.That((answer.Code, answer.At("status", "allowed")!.GetValue<bool>()), Is.EqualTo((201, true)));
    }

    [Test]
    public async Task A_pod_of_a_service_account_that_does_not_exist_is_forbidden()
    {
        var answer = await Cluster.PostAsync($"{Core}/pods", Pod("p").Replace("\"containers\"", "\"serviceAccountName\":\"nobody\",\"containers\""));

        Assert.That((answer.Code, answer.Message), Is.EqualTo((403, $"pods \"p\" is forbidden: error looking up service account {Namespace}/nobody: serviceaccount \"nobody\" not found")));
    }

    [Test]
    public async Task A_delete_of_another_incarnation_conflicts()
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        var answer = await Cluster.DeleteAsync($"{Core}/configmaps/cm", """{"preconditions":{"uid":"other"}}""");

        Assert.That(answer.Code, Is.EqualTo(409));
    }

    [Test]
    public async Task Built_in_kinds_get_the_defaults_of_the_API()
    {
        var pod = await Cluster.PostAsync($"{Core}/pods", Pod("p"));
        var deployment = await Cluster.PostAsync($"{Apps}/deployments", Deployment("web"));

        Assert.Multiple(() =>
        {
            Assert.That(pod.At("spec", "restartPolicy")!.GetValue<string>(), Is.EqualTo("Always"));
            Assert.That(pod.At("status", "phase")!.GetValue<string>(), Is.EqualTo("Pending"));
            Assert.That(pod.Json!["spec"]!["containers"]![0]!["imagePullPolicy"]!.GetValue<string>(), Is.EqualTo("IfNotPresent"));
            Assert.That(deployment.At("spec", "strategy", "rollingUpdate", "maxSurge")!.GetValue<string>(), Is.EqualTo("25%"));
            Assert.That(deployment.At("spec", "progressDeadlineSeconds")!.GetValue<int>(), Is.EqualTo(600));
        });
    }

    [Test]
    public async Task A_selector_that_misses_its_template_is_refused()
    {
        var body = Deployment("web").Replace("\"labels\":{\"app\":\"x\"}", "\"labels\":{\"app\":\"y\"}");

        var answer = await Cluster.PostAsync($"{Apps}/deployments", body);

        Assert.That(answer.Code, Is.EqualTo(422));
        Assert.That(answer.Message, Does.Contain("spec.template.metadata.labels: Invalid value: {\"app\":\"y\"}: `selector` does not match template `labels`"));
    }

    [Test]
    public async Task Bad_bodies_are_told_apart()
    {
        Assert.That((await Cluster.PostAsync($"{Core}/configmaps", "{")).Code, Is.EqualTo(400));
        Assert.That((await Cluster.SendAsync(HttpMethod.Post, $"{Core}/configmaps", "x", "text/plain")).Code, Is.EqualTo(415));
        var large = ConfigMap("big", new string('x', 4 * 1024 * 1024));
        Assert.That((await Cluster.PostAsync($"{Core}/configmaps", large)).Code, Is.EqualTo(413));
    }

    [Test]
    public async Task Unknown_and_duplicate_fields_are_refused_when_strict_and_warned_of_otherwise()
    {
        const string Body = """{"metadata":{"name":"cm"},"foo":1,"data":{"a":"1","a":"2"}}""";

        var strict = await Cluster.PostAsync($"{Core}/configmaps?fieldValidation=Strict", Body);
        var warned = await Cluster.PostAsync($"{Core}/configmaps?fieldValidation=Warn", Body);

        Assert.That(strict.Code, Is.EqualTo(400));
        Assert.That(strict.Message, Is.EqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field \"data.a\", unknown field \"foo\""));
        Assert.That(warned.Code, Is.EqualTo(201));
        Assert.That(string.Join("\n", warned.Warnings), Does.Contain("unknown field \\\"foo\\\""));
        Assert.That(warned.At("foo"), Is.Null);
    }

    [Test]
    public async Task Events_of_both_APIs_are_the_same_objects()
    {
        await Cluster.PostAsync(
            $"/apis/events.k8s.io/v1/namespaces/{Namespace}/events",
            """
            {"metadata":{"name":"e"},"eventTime":"2026-01-01T00:00:00.000000Z","note":"hello","reason":"R","type":"Normal","action":"A",
             "reportingController":"c","reportingInstance":"i","regarding":{"kind":"Pod","name":"p"}}
            """);

        var found = await Cluster.GetAsync($"{Core}/events?fieldSelector=involvedObject.name=p,reason=R");

        Assert.That(found.Json!["items"]![0]!["message"]!.GetValue<string>(), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_headless_service_keeps_no_address_and_others_get_one()
    {
        var headless = await Cluster.PostAsync($"{Core}/services", """{"metadata":{"name":"a"},"spec":{"clusterIP":"None"}}""");
        var service = await Cluster.PostAsync($"{Core}/services", """{"metadata":{"name":"b"},"spec":{"ports":[{"port":80}]}}""");

        Assert.That(headless.At("spec", "clusterIP")!.GetValue<string>(), Is.EqualTo("None"));
        Assert.That(service.At("spec", "clusterIP")!.GetValue<string>(), Does.StartWith("127.16."));
        Assert.That(service.Json!["spec"]!["ports"]![0]!["targetPort"]!.GetValue<int>(), Is.EqualTo(80));
    }

    [Test]
    public async Task A_json_patch_that_tests_for_null_holds_only_while_the_member_is_absent()
    {
        const string attach = """[{"op":"test","path":"/metadata/finalizers","value":null},{"op":"add","path":"/metadata/finalizers","value":["example.com/a"]}]""";
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        var first = await Cluster.SendAsync(HttpMethod.Patch, $"{Core}/configmaps/cm", attach, "application/json-patch+json");
        var second = await Cluster.SendAsync(HttpMethod.Patch, $"{Core}/configmaps/cm", attach, "application/json-patch+json");

        Assert.That((first.Code, second.Code), Is.EqualTo((200, 422)));
        Assert.That(first.At("metadata", "finalizers")!.AsArray().Single()!.GetValue<string>(), Is.EqualTo("example.com/a"));
    }
}
