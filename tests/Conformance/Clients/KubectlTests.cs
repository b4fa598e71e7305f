using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Clients;

/// <summary>The real kubectl.</summary>
[TestFixture]
internal sealed class KubectlTests : ClientTest
{
    [Test]
    public async Task It_gets_objects_as_a_table_wide_yaml_json_and_by_path()
    {
        await Created("deployments", Manifests.Deployment("web", 0));

        Assert.That(await Kubectl("get", "deploy"), Does.Match(@"^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0/0 +0 +0 +\d+m?s\n$"));
        Assert.That(await Kubectl("get", "deploy", "web", "-o", "wide"), Does.Contain("CONTAINERS").And.Contain("example.com/none:1").And.Contain("app=web"));
        Assert.That(await Kubectl("get", "deploy", "web", "-o", "yaml"), Does.Contain("kind: Deployment\n").And.Contain("replicas: 0\n"));
        Assert.That(await Kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"), Is.EqualTo("example.com/none:1"));
        Assert.That(await Kubectl("get", "deploy,cm,svc", "-o", "name"), Does.Contain("deployment.apps/web\n"));
        Assert.That(await Kubectl("get", "all"), Does.Contain("deployment.apps/web"));
    }

    [Test]
    public async Task It_says_that_nothing_is_there()
    {
        Assert.That((await TryKubectl(null, "get", "leases")).Error, Is.EqualTo($"No resources found in {Namespace} namespace.\n"));
        Assert.That((await TryKubectl(null, "get", "deploy", "none")).Error, Is.EqualTo("Error from server (NotFound): deployments.apps \"none\" not found\n"));
        Assert.That((await TryKubectl(null, "get", "contraptions")).Error, Is.EqualTo("error: the server doesn't have a resource type \"contraptions\"\n"));
    }

    [Test]
    public async Task It_sorts_and_selects()
    {
        await Created("configmaps", Manifests.ConfigMap("b", labels: """{"app":"x"}"""));
        await Created("configmaps", Manifests.ConfigMap("a", labels: """{"app":"x"}"""));

        Assert.That(await Kubectl("get", "cm", "-l", "app=x", "--sort-by=.metadata.name", "-o", "name"), Is.EqualTo("configmap/a\nconfigmap/b\n"));
        Assert.That(await Kubectl("get", "cm", "--field-selector=metadata.name=b", "-o", "name"), Is.EqualTo("configmap/b\n"));
    }

    [Test]
    public async Task It_describes_a_deployment()
    {
        await Created("deployments", Manifests.Deployment("web", 0));

        var described = await Kubectl("describe", "deploy", "web");

        Assert.That(
            described,
            Does.Contain("Name:                   web\n").And.Contain("RollingUpdateStrategy:  25% max unavailable, 25% max surge\n").And.Contain("Image:         example.com/none:1\n"));
    }

    [TestCase("configmap", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"key":"value"}}""", "key:\n----\nvalue\n")]
    [TestCase("secret", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"stringData":{"key":"value"}}""", "key:  5 bytes\n")]
    [TestCase("service", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"x"},"spec":{"ports":[{"port":80}]}}""", "TargetPort:               80/TCP\n")]
    [TestCase("pdb", """{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"x"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}""", "Min available:  1\n")]
    [TestCase("lease", """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"x"},"spec":{"holderIdentity":"me"}}""", "Holder Identity:  me\n")]
    [TestCase("role", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"x"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""", "[get]\n")]
    public async Task It_describes(string kind, string manifest, string expected)
    {
        await KubectlReading(manifest, "create", "-f", "-");

        Assert.That(await Kubectl("describe", kind, "x"), Does.Contain(expected));
    }

    [Test]
    public async Task It_applies_and_says_what_it_did()
    {
        var manifest = Manifests.Deployment("web", 0);

        Assert.That(await KubectlReading(manifest, "apply", "-f", "-"), Is.EqualTo("deployment.apps/web created\n"));
        Assert.That(await KubectlReading(manifest, "apply", "-f", "-"), Is.EqualTo("deployment.apps/web unchanged\n"));
        Assert.That(await KubectlReading(manifest.Replace("none:1", "none:2"), "apply", "-f", "-"), Is.EqualTo("deployment.apps/web configured\n"));
        Assert.That(await Kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"), Is.EqualTo("example.com/none:2"));
    }

    [Test]
    public async Task Applying_removes_what_was_applied_before()
    {
        await KubectlReading(Manifests.ConfigMap("cm", """{"a":"1","b":"2"}"""), "apply", "-f", "-");

        await KubectlReading(Manifests.ConfigMap("cm", """{"a":"1"}"""), "apply", "-f", "-");

        Assert.That((await Get("configmaps/cm"))["data"], Is.EqualTo("""{"a":"1"}"""));
    }

    [Test]
    public async Task It_applies_on_the_server_and_reports_conflicts()
    {
        var manifest = Manifests.ConfigMap("cm", """{"a":"1"}""");
        Assert.That(await KubectlReading(manifest, "apply", "--server-side", "-f", "-"), Is.EqualTo("configmap/cm serverside-applied\n"));

        var refused = await TryKubectl(manifest.Replace("\"1\"", "\"2\""), "apply", "--server-side", "--field-manager=other", "-f", "-");

        Assert.That(refused.Error, Does.Match("Apply failed with [12] conflicts?: conflicts? with \"kubectl\":").And.Contain(".data.a"));
        Assert.That(
            await KubectlReading(manifest.Replace("\"1\"", "\"2\""), "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-"),
            Is.EqualTo("configmap/cm serverside-applied\n"));
    }

    [Test]
    public async Task It_shows_the_difference_before_applying()
    {
        await KubectlReading(Manifests.ConfigMap("cm", """{"a":"1"}"""), "apply", "-f", "-");

        var same = await TryKubectl(Manifests.ConfigMap("cm", """{"a":"1"}"""), "diff", "-f", "-");
        var other = await TryKubectl(Manifests.ConfigMap("cm", """{"a":"2"}"""), "diff", "-f", "-");
        var server = await TryKubectl(Manifests.ConfigMap("new", """{"a":"2"}"""), "diff", "--server-side", "-f", "-");

        Assert.That((same.ExitCode, other.ExitCode, server.ExitCode), Is.EqualTo((0, 1, 1)));
        Assert.That(other.Output, Does.Contain("-  a: \"1\"\n+  a: \"2\"\n"));
    }

    [TestCase("deployment.spec.replicas", "FIELD: replicas <integer>")]
    [TestCase("pod.spec.containers.env", "FIELD: env <[]EnvVar>")]
    [TestCase("crd.spec.versions.schema", "FIELD: schema <CustomResourceValidation>")]
    public async Task It_explains(string path, string expected) => Assert.That(await Kubectl("explain", path), Does.Contain(expected));

    [Test]
    public async Task It_explains_custom_resources()
    {
        await using var crd = await CustomResource.InstallAsync(
            Api, Namespace, """{"spec":{"type":"object","properties":{"size":{"type":"integer","description":"How large it is."}}}}""");

        var explained = await Eventually.IsAsync(() => TryKubectl(null, "explain", $"widgets.{crd.Group}.spec.size"), result => result.ExitCode == 0, "it is explained");

        Assert.That(explained.Output, Does.Contain("FIELD: size <integer>").And.Contain("How large it is."));
    }

    [Test]
    public async Task It_waits_for_a_condition_and_for_a_value()
    {
        await Created("deployments", Manifests.Deployment("web", 0));

        Assert.That(await Kubectl("wait", "--for=condition=Available", "deploy/web", "--timeout=60s"), Is.EqualTo("deployment.apps/web condition met\n"));
        Assert.That(await Kubectl("wait", "--for=jsonpath={.status.observedGeneration}=1", "deploy/web", "--timeout=60s"), Does.Contain("condition met"));
        Assert.That((await TryKubectl(null, "wait", "--for=condition=Nonsense", "deploy/web", "--timeout=1s")).Error, Does.Contain("timed out waiting for the condition"));
    }

    [Test]
    public async Task It_waits_for_a_deletion()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["a.b/hold"]}}""");
        var deleting = Kubectl("delete", "cm", "cm", "--timeout=60s");
        await Until("configmaps/cm", reply => reply["metadata.deletionTimestamp"] is not null, "is being deleted");

        await Kubectl("patch", "cm", "cm", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");

        Assert.That(await deleting, Does.StartWith("configmap \"cm\" deleted"));
    }

    [Test]
    public async Task It_scales_and_follows_the_rollout()
    {
        await Created("deployments", Manifests.Deployment("web", 0));

        Assert.That(await Kubectl("rollout", "status", "deploy/web", "--timeout=60s"), Does.EndWith("deployment \"web\" successfully rolled out\n"));
        Assert.That(await Kubectl("scale", "deploy/web", "--replicas=2"), Is.EqualTo("deployment.apps/web scaled\n"));
        Assert.That((await Get("deployments/web"))["spec.replicas"], Is.EqualTo("2"));
        Assert.That(
            (await TryKubectl(null, "scale", "deploy/web", "--replicas=3", "--current-replicas=9")).Error, Does.Contain("Expected replicas to be 9, was 2"));
    }

    [Test]
    public async Task It_restarts_and_undoes_a_rollout()
    {
        await Created("deployments", Manifests.Deployment("web", 0));
        await Until("deployments/web", reply => reply["metadata.annotations['deployment.kubernetes.io/revision']"] == "1", "has a revision");
        await Kubectl("set", "image", "deploy/web", "main=example.com/none:2");
        await Until("deployments/web", reply => reply["metadata.annotations['deployment.kubernetes.io/revision']"] == "2", "has another");

        Assert.That(await Kubectl("rollout", "undo", "deploy/web"), Is.EqualTo("deployment.apps/web rolled back\n"));

        await Until("deployments/web", reply => reply["spec.template.spec.containers[0].image"] == "example.com/none:1", "is back");
        Assert.That(await Kubectl("rollout", "history", "deploy/web"), Does.Contain("REVISION"));
        Assert.That(await Kubectl("rollout", "restart", "deploy/web"), Is.EqualTo("deployment.apps/web restarted\n"));
    }

    [TestCase("merge", """{"data":{"a":"2"}}""")]
    [TestCase("strategic", """{"data":{"a":"2"}}""")]
    [TestCase("json", """[{"op":"replace","path":"/data/a","value":"2"}]""")]
    public async Task It_patches(string type, string patch)
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        Assert.That(await Kubectl("patch", "cm", "cm", $"--type={type}", "-p", patch), Is.EqualTo("configmap/cm patched\n"));

        Assert.That((await Get("configmaps/cm"))["data.a"], Is.EqualTo("2"));
    }

    [Test]
    public async Task It_patches_a_status()
    {
        await Created("deployments", Manifests.Deployment("web", 0));

        await Kubectl("patch", "deploy", "web", "--subresource=status", "--type=merge", "-p", """{"status":{"collisionCount":3}}""");

        Assert.That((await Get("deployments/web"))["status.collisionCount"], Is.EqualTo("3"));
    }

    [Test]
    public async Task It_labels_and_annotates()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        await Kubectl("label", "cm", "cm", "app=x");
        await Kubectl("annotate", "cm", "cm", "note=it");
        Assert.That((await TryKubectl(null, "label", "cm", "cm", "app=y")).Error, Does.Contain("already has a value (x), and --overwrite is false"));

        var found = await Get("configmaps/cm");
        Assert.That((found["metadata.labels.app"], found["metadata.annotations.note"]), Is.EqualTo(("x", "it")));
    }

    [Test]
    public async Task It_reports_what_is_invalid()
    {
        var refused = await TryKubectl(Manifests.Deployment("web", -1), "apply", "-f", "-");

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(
            refused.Error,
            Is.EqualTo("The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"));
    }

    [Test]
    public async Task It_refuses_unknown_fields()
    {
        var refused = await TryKubectl(Manifests.Deployment("web").With("spec.replica", "1"), "apply", "-f", "-");

        Assert.That(refused.Error, Does.Contain("strict decoding error: unknown field \"spec.replica\""));
    }

    [Test]
    public async Task It_tries_without_doing()
    {
        Assert.That(await KubectlReading(Manifests.ConfigMap("cm"), "apply", "--dry-run=server", "-f", "-"), Is.EqualTo("configmap/cm created (server dry run)\n"));
        Assert.That((await Get("configmaps/cm")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task It_creates_deletes_by_label_and_asks_for_all()
    {
        await Kubectl("create", "configmap", "a", "--from-literal=k=v");
        await Kubectl("create", "secret", "generic", "s", "--from-literal=k=v");
        await Kubectl("label", "cm", "a", "app=x");

        Assert.That(await Kubectl("delete", "cm", "-l", "app=x"), Does.StartWith("configmap \"a\" deleted"));
        Assert.That(await Kubectl("delete", "secrets", "--all"), Does.StartWith("secret \"s\" deleted"));
    }

    [Test]
    public async Task It_lists_what_the_server_has()
    {
        Assert.That(await Kubectl("api-resources", "-o", "name"), Does.Contain("deployments.apps\n").And.Contain("pods\n"));
        Assert.That(await Kubectl("api-versions"), Does.Contain("apps/v1\n").And.Contain("\nv1\n"));
    }

    [Test]
    public async Task It_may_do_what_it_does()
    {
        Assert.That(await Kubectl("auth", "can-i", "create", "deployments"), Is.EqualTo("yes\n"));
    }

    [Test]
    public async Task It_watches()
    {
        await Created("configmaps", Manifests.ConfigMap("cm", labels: """{"app":"x"}"""));
        using var watching = new ClientProgram("kubectl", Folder).Start("--namespace", Namespace, "get", "cm", "-l", "app=x", "--watch", "-o", "name");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            Assert.That(await watching.StandardOutput.ReadLineAsync(patience.Token), Is.EqualTo("configmap/cm"));
            await MergePatch("configmaps/cm", """{"data":{"a":"1"}}""");
            Assert.That(await watching.StandardOutput.ReadLineAsync(patience.Token), Is.EqualTo("configmap/cm"));
        }
        finally
        {
            watching.Kill();
        }
    }

    [Test]
    [Category("Node")]
    public async Task It_runs_a_pod_and_reads_its_logs()
    {
        await Until("serviceaccounts/default", reply => reply.Code == 200, "is there");
        await KubectlReading(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"talker"},
             "spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"python:3","command":["python3","-c","print('first'); print('second')"]}]}}
            """,
            "apply", "-f", "-");

        await Kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/talker", "--timeout=120s");

        Assert.That(await Kubectl("logs", "talker"), Is.EqualTo("first\nsecond\n"));
        Assert.That(await Kubectl("logs", "talker", "--tail=1", "--follow"), Is.EqualTo("second\n"));
        Assert.That(await Kubectl("describe", "pod", "talker"), Does.Contain("Exit Code:    0"));
    }

    [Test]
    [Category("Node")]
    public async Task A_rollout_of_running_pods_ends()
    {
        await KubectlReading(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
             "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
                     "template":{"metadata":{"labels":{"app":"web"}},
                                 "spec":{"terminationGracePeriodSeconds":1,
                                         "containers":[{"name":"main","image":"python:3","command":["python3","-c","import time; time.sleep(600)"]}]}}}}
            """,
            "apply", "-f", "-");

        Assert.That(await Kubectl("rollout", "status", "deploy/web", "--timeout=120s"), Does.EndWith("successfully rolled out\n"));
        Assert.That(await Kubectl("get", "pods", "-l", "app=web"), Does.Match(@"web-\w+-\w+ +1/1 +Running +0"));
    }
}
