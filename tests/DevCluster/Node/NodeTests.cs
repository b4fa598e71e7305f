using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class NodeTests
{
    private RunningCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartCluster() => _cluster = await RunningCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopCluster() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_pod_runs_its_init_containers_and_serves_on_an_address_of_its_own()
    {
        var space = await _cluster.NamespaceAsync("serves");
        var pod = Pod("web", "cd /data && exec python3 -m http.server 8000 --bind $POD_IP", ready: new V1Probe { HttpGet = new() { Path = "/hello", Port = "http" }, PeriodSeconds = 1 });
        pod.Spec!.Volumes = [new V1Volume { Name = "data", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        pod.Spec.Containers[0].Env!.Add(new V1EnvVar { Name = "DATA", Value = "/data" });
        pod.Spec.Containers[0].Args = ["cd $DATA && exec python3 -m http.server 8000 --bind $POD_IP"];
        pod.Spec.InitContainers =
        [
            new V1Container
            {
                Name = "fetch",
                Image = "busybox",
                Args = ["echo hi > $TARGET; echo '{\"bytes\":3}' > $TERMINATION_LOG"],
                Env =
                [
                    new V1EnvVar { Name = "TARGET", Value = "/data/hello" },
                    new V1EnvVar { Name = "TERMINATION_LOG", Value = "/dev/termination-log" },
                ],
                VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }],
            },
        ];
        await CreateAsync(space, pod);

        var ready = (await _cluster.UntilAsync<V1Pod>("web", space, IsReady))!;

        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync(new Uri($"http://{ready.Status!.PodIP}:8000/hello")), Is.EqualTo("hi\n"));
        Assert.That(ready.Status.InitContainerStatuses!.Single().State!.Terminated!.Message, Is.EqualTo("{\"bytes\":3}\n"));
        Assert.That(ready.Status.HostIP, Does.EndWith(".0.1"));
    }

    [Test]
    public async Task A_crashing_container_backs_off_and_tells_why()
    {
        var space = await _cluster.NamespaceAsync("crashes");
        var pod = Pod("bad", "echo no model >&2; exit 3");
        pod.Spec!.Containers[0].TerminationMessagePolicy = "FallbackToLogsOnError";
        await CreateAsync(space, pod);

        var waiting = await _cluster.UntilAsync<V1Pod>("bad", space, p => Container(p)?.State?.Waiting?.Reason == "CrashLoopBackOff");

        var last = Container(waiting)!.LastState!.Terminated!;
        Assert.That((last.ExitCode, last.Reason, last.Message), Is.EqualTo((3, "Error", "no model\n")));
        Assert.That(Container(waiting)!.State!.Waiting!.Message, Does.StartWith("back-off ").And.Contain("restarting failed container=main pod=bad_crashes("));
        Assert.That(Container(waiting)!.RestartCount, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task A_container_killed_from_outside_is_restarted()
    {
        var space = await _cluster.NamespaceAsync("killed");
        await CreateAsync(space, Pod("victim", "sh -c 'echo $PPID'; exec sleep 600"));
        await _cluster.UntilAsync<V1Pod>("victim", space, IsReady);
        var processId = int.Parse((await LogAsync(space, "victim")).Trim());

        System.Diagnostics.Process.GetProcessById(processId).Kill();

        var again = await _cluster.UntilAsync<V1Pod>("victim", space, p => Container(p)?.RestartCount == 1 && IsReady(p));
        Assert.That(Container(again)!.LastState!.Terminated!.ExitCode, Is.EqualTo(137));
        Assert.That((await LogAsync(space, "victim", "--previous")).Trim(), Is.EqualTo($"{processId}"));
    }

    [Test]
    public async Task An_unknown_image_cannot_be_pulled()
    {
        var space = await _cluster.NamespaceAsync("pulls");
        var pod = Pod("lost", "true");
        pod.Spec!.Containers[0].Image = "example.com/nothing:1";
        await CreateAsync(space, pod);

        await _cluster.UntilAsync<V1Pod>("lost", space, p => Container(p)?.State?.Waiting?.Reason == "ErrImagePull");
        var waiting = await _cluster.UntilAsync<V1Pod>("lost", space, p => Container(p)?.State?.Waiting?.Reason == "ImagePullBackOff");
        Assert.That(waiting!.Status!.Phase, Is.EqualTo("Pending"));
    }

    [Test]
    public async Task A_missing_config_map_holds_the_container_until_it_is_there()
    {
        var space = await _cluster.NamespaceAsync("config");
        var pod = Pod("wants", "echo $MODE; sleep 600");
        pod.Spec!.Containers[0].Env!.Add(new V1EnvVar { Name = "MODE", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "settings", Key = "mode" } } });
        await CreateAsync(space, pod);
        await _cluster.UntilAsync<V1Pod>("wants", space, p => Container(p)?.State?.Waiting?.Reason == "CreateContainerConfigError");

        await _cluster.Client.CreateAsync(new V1ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new V1ObjectMeta { Name = "settings", NamespaceProperty = space },
            Data = new Dictionary<string, string> { ["mode"] = "fast" },
        });

        await _cluster.UntilAsync<V1Pod>("wants", space, IsReady);
        Assert.That(await LogAsync(space, "wants", "--tail=1"), Is.EqualTo("fast\n"));
    }

    [Test]
    public async Task A_failed_liveness_probe_restarts_the_container()
    {
        var space = await _cluster.NamespaceAsync("liveness");
        var pod = Pod("sick", "sleep 600");
        pod.Spec!.Containers[0].LivenessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["false"] }, PeriodSeconds = 1, FailureThreshold = 1 };
        pod.Spec.TerminationGracePeriodSeconds = 1;
        await CreateAsync(space, pod);

        var restarted = await _cluster.UntilAsync<V1Pod>("sick", space, p => Container(p)?.RestartCount >= 1);

        Assert.That(Container(restarted)!.LastState!.Terminated?.ExitCode ?? Container(restarted)!.State!.Terminated!.ExitCode, Is.EqualTo(143));
    }

    [Test]
    public async Task A_deleted_pod_ends_gracefully_and_then_is_gone()
    {
        var space = await _cluster.NamespaceAsync("deletes");
        await CreateAsync(space, Pod("polite", "trap 'exit 0' TERM; while :; do sleep 0.05; done"));
        await _cluster.UntilAsync<V1Pod>("polite", space, IsReady);

        await _cluster.Client.DeleteAsync<V1Pod>("polite", space);

        await _cluster.UntilAsync<V1Pod>("polite", space, p => p is null);
    }

    [Test]
    public async Task A_pod_that_ignores_SIGTERM_is_killed_after_its_grace_period()
    {
        var space = await _cluster.NamespaceAsync("stubborn");
        var pod = Pod("deaf", "trap '' TERM; while :; do sleep 1; done");
        pod.Spec!.TerminationGracePeriodSeconds = 1;
        await CreateAsync(space, pod);
        await _cluster.UntilAsync<V1Pod>("deaf", space, IsReady);

        await _cluster.Client.DeleteAsync<V1Pod>("deaf", space);

        await _cluster.UntilAsync<V1Pod>("deaf", space, p => p is null);
    }

    [Test]
    public async Task A_pod_that_runs_to_its_end_has_succeeded()
    {
        var space = await _cluster.NamespaceAsync("succeeds");
        var pod = Pod("job", "exit 0");
        pod.Spec!.RestartPolicy = "Never";
        await CreateAsync(space, pod);

        var done = await _cluster.UntilAsync<V1Pod>("job", space, p => p?.Status?.Phase == "Succeeded");

        Assert.That(Container(done)!.State!.Terminated!.Reason, Is.EqualTo("Completed"));
    }

    [Test]
    public async Task A_pod_without_room_says_what_is_missing()
    {
        var space = await _cluster.NamespaceAsync("gpus");
        var pod = Pod("gpu", "sleep 600");
        pod.Spec!.Containers[0].Resources = new V1ResourceRequirements { Limits = new Dictionary<string, string> { ["nvidia.com/gpu"] = "1" } };
        await CreateAsync(space, pod);

        var pending = await _cluster.UntilAsync<V1Pod>(
            "gpu", space, p => p?.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Reason: "Unschedulable" }) == true);

        Assert.That(
            pending!.Status!.Conditions!.Single(c => c.Type == "PodScheduled").Message, Is.EqualTo(
                "0/1 nodes are available: 1 Insufficient nvidia.com/gpu. "
                + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."));
    }

    [Test]
    public async Task A_stopped_node_leaves_no_process_behind()
    {
        await using var cluster = await RunningCluster.StartAsync();
        var space = await cluster.NamespaceAsync("stops");
        var pod = Pod("family", "trap '' TERM; sleep 600 & sleep 600 & wait; wait; sleep 600");
        pod.Metadata.NamespaceProperty = space;
        await cluster.Client.CreateAsync(pod);
        await cluster.UntilAsync<V1Pod>("family", space, IsReady);
        Assert.That(cluster.Processes(), Is.Not.Empty);

        await cluster.StopAsync();

        Assert.That(cluster.Processes(), Is.Empty);
    }

    internal static bool IsReady(V1Pod? pod) => pod?.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    internal static V1Pod Pod(string name, string script, V1Probe? ready = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PodSpec
        {
            TerminationGracePeriodSeconds = 5,
            Containers =
            [
                new V1Container
                {
                    Name = "main",
                    Image = "busybox",
                    Args = [script],
                    Env = [new V1EnvVar { Name = "POD_IP", ValueFrom = new() { FieldRef = new() { FieldPath = "status.podIP" } } }],
                    Ports = [new V1ContainerPort { Name = "http", ContainerPort = 8000 }],
                    ReadinessProbe = ready,
                },
            ],
        },
    };

    private static V1ContainerStatus? Container(V1Pod? pod) => pod?.Status?.ContainerStatuses?.SingleOrDefault();

    private Task<V1Pod> CreateAsync(string space, V1Pod pod)
    {
        pod.Metadata.NamespaceProperty = space;
        return _cluster.Client.CreateAsync(pod);
    }

    /// <summary>What a container has said, once it has said anything.</summary>
    private Task<string> LogAsync(string space, string name, params string[] arguments) =>
        _cluster.UntilLogAsync(space, name, log => log.EndsWith('\n'), arguments);
}
