using System.Collections.Immutable;
using ModelOperator.DevCluster.Node.Pods;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

/// <summary>Sidecars, lifecycle handlers and deadlines in the machine of a pod.</summary>
internal sealed class PodLifecycleTests
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private PodState _state = null!;
    private DateTimeOffset? _wakeAt;

    [Test]
    public void A_sidecar_starts_in_its_turn_and_lets_the_next_go_on_once_it_has_started()
    {
        var pod = Pod("Always", sidecar: true);
        pod.Spec!.InitContainers![0].StartupProbe = new V1Probe();
        Begin(pod);

        Assert.That(Names(Step(new PodInput.ContainerStarted("mesh", "s"))), Is.Empty);
        Assert.That(Names(Step(new PodInput.ProbeTurned("mesh", "s", ProbeKind.Startup, true))), Is.EqualTo(new[] { "start main" }));
    }

    [Test]
    public void A_sidecar_that_falls_comes_back_while_the_containers_go_on()
    {
        BeginWithSidecar("Never");

        Assert.That(Names(Exit("mesh", "s", 1)), Is.EqualTo(new[] { "start mesh" }));
        Assert.That((_state.Initialized, _state.Phase()), Is.EqualTo((true, "Running")));
    }

    [Test]
    public void When_the_containers_have_ended_the_sidecar_is_ended_and_only_then_the_pod()
    {
        BeginWithSidecar("Never");

        Assert.That(Names(Exit("main", "m", 0)), Is.EqualTo(new[] { "stop mesh" }));
        Assert.That(_state.Phase(), Is.EqualTo("Running"));
        Assert.That(Names(Exit("mesh", "s", 143)), Is.Empty);
        Assert.That(_state.Phase(), Is.EqualTo("Succeeded"));
    }

    [Test]
    public void A_deleted_pod_ends_its_containers_before_its_sidecars_within_one_grace_period()
    {
        BeginWithSidecar("Always");

        Assert.That(Names(Step(new PodInput.Terminate(TimeSpan.FromSeconds(10)))), Is.EqualTo(new[] { "stop main" }));
        _now = _now.AddSeconds(4);
        Assert.That(Names(Exit("main", "m", 0)), Is.EqualTo(new[] { "stop mesh" }));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(6)));
        Assert.That(Names(Exit("mesh", "s", 0)), Is.EqualTo(new[] { "remove" }));
    }

    [Test]
    public void A_container_is_asked_to_end_only_after_its_preStop_handler()
    {
        BeginWithHooks(preStop: true);

        Assert.That(Names(Step(new PodInput.Terminate(TimeSpan.FromSeconds(10)))), Is.EqualTo(new[] { "preStop main" }));
        Assert.That(Names(Step(new PodInput.Tick())), Is.Empty);
        Assert.That(Names(Step(new PodInput.PreStopEnded("main", "m"))), Is.EqualTo(new[] { "stop main" }));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(10)));
    }

    [Test]
    public void A_preStop_handler_that_takes_all_the_time_leaves_two_seconds_to_end()
    {
        BeginWithHooks(preStop: true);
        Step(new PodInput.Terminate(TimeSpan.FromSeconds(10)));

        _now = _now.AddSeconds(10);
        Assert.That(Names(Step(new PodInput.Tick())), Is.EqualTo(new[] { "stop main" }));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(2)));
        _now = _now.AddSeconds(2);
        Assert.That(Names(Step(new PodInput.Tick())), Is.EqualTo(new[] { "kill main" }));
    }

    [Test]
    public void A_container_is_ready_only_after_its_postStart_handler_and_is_stopped_when_that_fails()
    {
        BeginWithHooks(postStart: true);
        Assert.That(_state.Containers[0].Ready, Is.False);

        Step(new PodInput.PostStartEnded("main", "m", Passed: true));
        Assert.That(_state.Containers[0].Ready, Is.True);

        BeginWithHooks(postStart: true);
        Assert.That(Names(Step(new PodInput.PostStartEnded("main", "m", Passed: false))), Is.EqualTo(new[] { "stop main" }));
        Assert.That(Names(Exit("main", "m", 143)), Is.EqualTo(new[] { "start main" }));
    }

    [Test]
    public void A_pod_past_its_active_deadline_ends_and_has_failed_for_good()
    {
        var pod = Pod("Always", sidecar: false);
        pod.Spec!.ActiveDeadlineSeconds = 60;
        Begin(pod);
        Step(new PodInput.ContainerStarted("main", "m"));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(60)));

        _now = _now.AddSeconds(60);
        Assert.That(Names(Step(new PodInput.Tick())), Is.EqualTo(new[] { "stop main" }));
        Assert.That(_state.Phase(), Is.EqualTo("Running"));
        Assert.That(Names(Exit("main", "m", 0)), Is.Empty);
        Assert.That((_state.Phase(), _wakeAt), Is.EqualTo(("Failed", (DateTimeOffset?)null)));
    }

    private static V1Pod Pod(string policy, bool sidecar) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "uid" },
        Spec = new V1PodSpec
        {
            RestartPolicy = policy,
            InitContainers = sidecar ? [new V1Container { Name = "mesh", RestartPolicy = "Always" }] : [],
            Containers = [new V1Container { Name = "main" }],
        },
    };

    private static IEnumerable<string> Names(ImmutableArray<PodAction> actions) => actions.Select(a => a switch
    {
        PodAction.StartContainer start => $"start {start.Name}",
        PodAction.RunPreStop stop => $"preStop {stop.Name}",
        PodAction.StopContainer stop => $"stop {stop.Name}",
        PodAction.KillContainer kill => $"kill {kill.Name}",
        PodAction.RemovePod => "remove",
        _ => a.ToString(),
    });

    private void Begin(V1Pod pod)
    {
        _state = PodState.Of(pod);
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());
    }

    private void BeginWithSidecar(string policy)
    {
        Begin(Pod(policy, sidecar: true));
        Step(new PodInput.ContainerStarted("mesh", "s"));
        Step(new PodInput.ContainerStarted("main", "m"));
    }

    private void BeginWithHooks(bool postStart = false, bool preStop = false)
    {
        var pod = Pod("Always", sidecar: false);
        pod.Spec!.Containers[0].Lifecycle = new V1Lifecycle
        {
            PostStart = postStart ? new V1LifecycleHandler() : null,
            PreStop = preStop ? new V1LifecycleHandler() : null,
        };
        Begin(pod);
        Step(new PodInput.ContainerStarted("main", "m"));
    }

    private ImmutableArray<PodAction> Step(PodInput input)
    {
        var step = PodMachine.Step(_state, input, RestartBackoff.Kubelet, _now);
        _state = step.State;
        _wakeAt = step.WakeAt;
        return step.Actions;
    }

    private ImmutableArray<PodAction> Exit(string name, string id, int code) =>
        Step(new PodInput.ContainerExited(name, id, code, code == 0 ? "Completed" : "Error", null));
}
