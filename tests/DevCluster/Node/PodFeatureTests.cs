using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Claims;
using ModelOperator.DevCluster.Node.Faults;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

/// <summary>What pods may ask of a node, seen with real processes.</summary>
internal sealed class PodFeatureTests
{
    private const string Serve = "exec python3 -m http.server 8000 --bind $POD_IP";

    private RunningCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartCluster() => _cluster = await RunningCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopCluster() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_mounted_config_map_changes_under_the_running_container_but_not_what_it_mounts_by_subPath()
    {
        var space = await _cluster.NamespaceAsync("fresh");
        await _cluster.Client.CreateAsync(ConfigMap(space, "one"));
        var pod = NodeTests.Pod("reader", "while :; do cat $WHOLE/mode $PART; echo; sleep 0.1; done");
        pod.Spec!.Volumes = [new V1Volume { Name = "settings", ConfigMap = new V1ConfigMapVolumeSource { Name = "settings" } }];
        pod.Spec.Containers[0].VolumeMounts =
        [
            new V1VolumeMount { Name = "settings", MountPath = "/etc/whole" },
            new V1VolumeMount { Name = "settings", MountPath = "/etc/part", SubPath = "mode" },
        ];
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "WHOLE", Value = "/etc/whole" }, new V1EnvVar { Name = "PART", Value = "/etc/part" }];
        await RunAsync(space, pod);
        await _cluster.UntilLogAsync(space, "reader", log => log.Contains("oneone\n"));

        await _cluster.Client.PatchAsync<V1ConfigMap>(
            "settings", space, PatchType.MergePatch, JsonNode.Parse("""{"data":{"mode":"two"}}""")!);

        await _cluster.UntilLogAsync(space, "reader", log => log.Contains("twoone\n"));
    }

    [Test]
    public async Task A_projected_volume_joins_secrets_config_and_what_the_pod_is()
    {
        var space = await _cluster.NamespaceAsync("projected");
        await _cluster.Client.CreateAsync(ConfigMap(space, "one"));
        await _cluster.Client.CreateAsync(new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new V1ObjectMeta { Name = "key", NamespaceProperty = space },
            Data = new Dictionary<string, byte[]> { ["key"] = "hush"u8.ToArray() },
        });
        var pod = NodeTests.Pod("reader", "cd $FILES; cat deep/key; echo; stat -Lc %a deep/key; cat mode; echo; cat labels; echo; cat cpu; sleep 600");
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "x", ["tier"] = "a_b" };
        pod.Spec!.Volumes =
        [
            new V1Volume
            {
                Name = "files",
                Projected = new V1ProjectedVolumeSource
                {
                    Sources =
                    [
                        new() { Secret = new() { Name = "key", Items = [new V1KeyToPath { Key = "key", Path = "deep/key", Mode = 0b100_000_000 }] } },
                        new() { ConfigMap = new() { Name = "settings" } },
                        new()
                        {
                            DownwardAPI = new()
                            {
                                Items =
                                [
                                    new() { Path = "labels", FieldRef = new() { FieldPath = "metadata.labels" } },
                                    new() { Path = "cpu", ResourceFieldRef = new() { ContainerName = "main", Resource = "requests.cpu", Divisor = "1m" } },
                                ],
                            },
                        },
                    ],
                },
            },
        ];
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = new Dictionary<string, string> { ["cpu"] = "250m" } };
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "files", MountPath = "/files" }];
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "FILES", Value = "/files" }];
        await RunAsync(space, pod);

        await _cluster.UntilLogAsync(space, "reader", log => log == "hush\n400\none\napp=\"x\"\ntier=\"a_b\"\n250");
    }

    [Test]
    public async Task Kubectl_reads_logs_with_times_since_a_time_and_up_to_a_limit()
    {
        var space = await _cluster.NamespaceAsync("logs");
        await RunAsync(space, NodeTests.Pod("talker", "echo one; echo two; exec sleep 600"));
        await _cluster.UntilLogAsync(space, "talker", log => log == "one\ntwo\n");

        Assert.That(
            await _cluster.KubectlAsync(space, "logs", "talker", "--timestamps", "--tail=1"),
            Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z two\n$"));
        Assert.That(await _cluster.KubectlAsync(space, "logs", "talker", "--since=1h", "--limit-bytes=5"), Is.EqualTo("one\nt"));
        Assert.That(await _cluster.KubectlAsync(space, "logs", "talker", "--since-time=2100-01-01T00:00:00Z"), Is.Empty);
    }

    [Test]
    public async Task A_claim_is_bound_and_keeps_what_one_pod_wrote_for_the_next()
    {
        var space = await _cluster.NamespaceAsync("claims");
        await CreateAsync(space, Claiming("writer", "echo kept > $DATA/file"));
        await _cluster.UntilAsync<V1Pod>("writer", space, p => Scheduled(p) is { Status: "False" } why && why.Message!.Contains("persistentvolumeclaim \"models\" not found"));

        await _cluster.Client.CreateAsync(new Claim
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = new V1ObjectMeta { Name = "models", NamespaceProperty = space },
            Spec = new ClaimSpec { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = new Dictionary<string, string> { ["storage"] = "1Gi" } } },
        });
        await _cluster.UntilAsync<V1Pod>("writer", space, p => p?.Status?.Phase == "Succeeded");
        await CreateAsync(space, Claiming("reader", "cat $DATA/file"));

        await _cluster.UntilLogAsync(space, "reader", log => log == "kept\n");
        var claim = await _cluster.Client.GetAsync<Claim>("models", space);
        Assert.That((claim!.IsBound, claim.Status.Capacity!["storage"]), Is.EqualTo((true, "1Gi")));
    }

    [Test]
    public async Task A_container_that_takes_more_memory_than_its_limit_is_killed_for_it()
    {
        var space = await _cluster.NamespaceAsync("memory");
        var pod = NodeTests.Pod("greedy", "exec python3 -c \"import time; x = bytearray(200 << 20); time.sleep(600)\"");
        pod.Spec!.RestartPolicy = "Never";
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, string> { ["memory"] = "100Mi" } };
        await CreateAsync(space, pod);

        var killed = await _cluster.UntilAsync<V1Pod>("greedy", space, p => p?.Status?.Phase == "Failed");

        var end = killed!.Status!.ContainerStatuses![0].State!.Terminated!;
        Assert.That((end.Reason, end.ExitCode), Is.EqualTo(("OOMKilled", 137)));
    }

    [Test]
    public async Task Handlers_run_after_the_start_and_before_the_end()
    {
        var space = await _cluster.NamespaceAsync("hooks");
        var told = Path.Combine(_cluster.Folder, "hooks");
        var pod = NodeTests.Pod("polite", $"trap 'echo term >> {told}; exit 0' TERM; while :; do sleep 0.05; done");
        pod.Spec!.Containers[0].Lifecycle = new V1Lifecycle
        {
            PostStart = new() { Exec = new() { Command = ["/bin/sh", "-c", $"echo started >> {told}"] } },
            PreStop = new() { Exec = new() { Command = ["/bin/sh", "-c", $"sleep 0.2; echo stopping >> {told}"] } },
        };
        await RunAsync(space, pod);

        await _cluster.Client.DeleteAsync<V1Pod>("polite", space);
        await _cluster.UntilAsync<V1Pod>("polite", space, p => p is null);

        Assert.That(await File.ReadAllLinesAsync(told), Is.EqualTo(new[] { "started", "stopping", "term" }));
    }

    [Test]
    public async Task A_sidecar_runs_beside_a_pod_and_does_not_keep_it_from_its_end()
    {
        var space = await _cluster.NamespaceAsync("sidecars");
        var pod = NodeTests.Pod("batch", "echo done");
        pod.Spec!.RestartPolicy = "Never";
        pod.Spec.InitContainers = [new V1Container { Name = "mesh", Image = "busybox", RestartPolicy = "Always", Args = ["exec sleep 600"] }];
        await CreateAsync(space, pod);

        var ended = await _cluster.UntilAsync<V1Pod>("batch", space, p => p?.Status?.Phase == "Succeeded");

        Assert.That(ended!.Status!.InitContainerStatuses!.Single().State!.Terminated!.ExitCode, Is.EqualTo(143));
    }

    [Test]
    public async Task A_pod_past_its_active_deadline_has_failed()
    {
        var space = await _cluster.NamespaceAsync("deadlines");
        var pod = NodeTests.Pod("slow", "exec sleep 600");
        pod.Spec!.ActiveDeadlineSeconds = 1;
        await CreateAsync(space, pod);

        var failed = await _cluster.UntilAsync<V1Pod>("slow", space, p => p?.Status?.Phase == "Failed");

        Assert.That(failed!.Status!.Reason, Is.EqualTo("DeadlineExceeded"));
    }

    [Test]
    public async Task A_readiness_gate_keeps_a_pod_unready_until_someone_opens_it()
    {
        var space = await _cluster.NamespaceAsync("gates");
        var pod = NodeTests.Pod("gated", "exec sleep 600");
        pod.Spec!.ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.com/in-pool" }];
        await CreateAsync(space, pod);
        var held = await _cluster.UntilAsync<V1Pod>("gated", space, p => Condition(p, "ContainersReady")?.Status == "True");
        Assert.That(
            (Condition(held, "Ready")!.Reason, Condition(held, "Ready")!.Message),
            Is.EqualTo(("ReadinessGatesNotReady", "corresponding condition of pod readiness gate \"example.com/in-pool\" does not exist.")));

        await _cluster.Client.PatchAsync<V1Pod>(
            "gated", space, PatchType.StrategicMergePatch,
            JsonNode.Parse("""{"status":{"conditions":[{"type":"example.com/in-pool","status":"True"}]}}""")!, "status");

        var ready = await _cluster.UntilAsync<V1Pod>("gated", space, NodeTests.IsReady);
        Assert.That(Condition(ready, "example.com/in-pool")!.Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task A_crash_on_request_restarts_the_container_once()
    {
        var space = await _cluster.NamespaceAsync("crash");
        await RunAsync(space, NodeTests.Pod("victim", "exec sleep 600"));

        await _cluster.KubectlAsync(space, "annotate", "pod", "victim", $"{Fault.Annotation}=crash-once");

        var back = await _cluster.UntilAsync<V1Pod>("victim", space, p => p?.Status?.ContainerStatuses?[0].RestartCount == 1 && NodeTests.IsReady(p));
        Assert.That(back!.Status!.ContainerStatuses![0].LastState!.Terminated!.ExitCode, Is.EqualTo(137));
    }

    [Test]
    public async Task A_crash_on_request_in_a_template_is_a_crash_loop()
    {
        var space = await _cluster.NamespaceAsync("crashes");
        var pod = NodeTests.Pod("victim", "exec sleep 600");
        pod.Metadata.Annotations = new Dictionary<string, string> { [Fault.Annotation] = "crash/main" };
        await CreateAsync(space, pod);

        await _cluster.UntilAsync<V1Pod>("victim", space, p => p?.Status?.ContainerStatuses?[0].State?.Waiting?.Reason == "CrashLoopBackOff");
    }

    [Test]
    public async Task A_hang_on_request_fails_the_probes_until_it_is_taken_back()
    {
        var space = await _cluster.NamespaceAsync("hangs");
        var probe = new V1Probe { HttpGet = new() { Port = 8000 }, PeriodSeconds = 1, TimeoutSeconds = 1, FailureThreshold = 1 };
        await RunAsync(space, NodeTests.Pod("still", Serve, probe));

        await _cluster.KubectlAsync(space, "annotate", "pod", "still", $"{Fault.Annotation}=hang");
        await _cluster.UntilAsync<V1Pod>("still", space, p => !NodeTests.IsReady(p));
        await _cluster.KubectlAsync(space, "annotate", "pod", "still", $"{Fault.Annotation}-");

        var ready = await _cluster.UntilAsync<V1Pod>("still", space, NodeTests.IsReady);
        Assert.That(ready!.Status!.ContainerStatuses![0].RestartCount, Is.Zero);
    }

    [Test]
    public async Task An_exceeded_memory_limit_on_request_looks_like_one()
    {
        var space = await _cluster.NamespaceAsync("oom");
        var pod = NodeTests.Pod("victim", "exec sleep 600");
        pod.Spec!.RestartPolicy = "Never";
        pod.Metadata.Annotations = new Dictionary<string, string> { [Fault.Annotation] = "oom" };
        await CreateAsync(space, pod);

        var killed = await _cluster.UntilAsync<V1Pod>("victim", space, p => p?.Status?.Phase == "Failed");

        Assert.That(killed!.Status!.ContainerStatuses![0].State!.Terminated!.Reason, Is.EqualTo("OOMKilled"));
    }

    private static V1PodCondition? Condition(V1Pod? pod, string type) => pod?.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    private static V1PodCondition? Scheduled(V1Pod? pod) => Condition(pod, "PodScheduled");

    private static V1ConfigMap ConfigMap(string space, string mode) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { Name = "settings", NamespaceProperty = space },
        Data = new Dictionary<string, string> { ["mode"] = mode },
    };

    private static V1Pod Claiming(string name, string script)
    {
        var pod = NodeTests.Pod(name, script);
        pod.Spec!.RestartPolicy = "Never";
        pod.Spec.Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new() { ClaimName = "models" } }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "DATA", Value = "/data" }];
        return pod;
    }

    private Task<V1Pod> CreateAsync(string space, V1Pod pod)
    {
        pod.Metadata.NamespaceProperty = space;
        return _cluster.Client.CreateAsync(pod);
    }

    private async Task RunAsync(string space, V1Pod pod)
    {
        await CreateAsync(space, pod);
        await _cluster.UntilAsync<V1Pod>(pod.Metadata.Name!, space, NodeTests.IsReady);
    }
}
