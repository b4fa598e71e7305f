using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ModelOperator.DevCluster.Node.Pods;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class PodMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _now = Start;
    private PodState _state = null!;
    private DateTimeOffset? _wakeAt;

    [Test]
    public void Volumes_then_init_containers_in_order_then_containers()
    {
        Begin(init: ["fetch", "warm"], main: ["model", "side"]);

        Assert.That(Step(new PodInput.Tick()), Is.EqualTo(new PodAction[] { new PodAction.MountVolumes() }));
        Assert.That(Step(new PodInput.VolumesMounted()), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("fetch", 0) }));
        Assert.That(RunToEnd("fetch", 0), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("warm", 0) }));
        Assert.That(
            RunToEnd("warm", 0),
            Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 0), new PodAction.StartContainer("side", 0) }));
        Assert.That(_state.Phase(), Is.EqualTo("Pending"));
        Step(new PodInput.ContainerStarted("model", "m1"));
        Step(new PodInput.ContainerStarted("side", "s1"));
        Assert.That(_state.Phase(), Is.EqualTo("Running"));
    }

    [Test]
    public void A_container_that_crashes_restarts_at_once_and_then_with_backoff()
    {
        BeginRunning();

        Assert.That(Exit("model", 1), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 1) }));
        Step(new PodInput.ContainerStarted("model", "2"));
        Assert.That(Exit("model", 1), Is.Empty);
        Assert.That(Model.WaitingReason, Is.EqualTo("CrashLoopBackOff"));
        Assert.That(Model.WaitingMessage, Is.EqualTo("back-off 10s restarting failed container=model pod=web_default(uid)"));
        Assert.That(Model.RestartCount, Is.EqualTo(1));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(10)));
        _now = _now.AddSeconds(10);
        Assert.That(Step(new PodInput.Tick()), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 2) }));
        Step(new PodInput.ContainerStarted("model", "3"));
        Exit("model", 1);
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(20)));
    }

    [Test]
    public void A_container_that_ran_well_for_long_restarts_at_once_again()
    {
        BeginRunning();
        Exit("model", 1);
        Step(new PodInput.ContainerStarted("model", "2"));
        _now = _now.AddMinutes(11);

        Assert.That(Exit("model", 1), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 2) }));
    }

    [TestCase("Never", 1, "Failed")]
    [TestCase("Never", 0, "Succeeded")]
    [TestCase("OnFailure", 0, "Succeeded")]
    public void Policy_decides_whether_an_end_is_final(string policy, int exitCode, string phase)
    {
        BeginRunning(policy);

        Assert.That(Exit("model", exitCode), Is.Empty);
        Assert.That(_state.Phase(), Is.EqualTo(phase));
    }

    [Test]
    public void A_failed_init_container_is_tried_again_and_holds_the_pod_back()
    {
        Begin(init: ["fetch"], main: ["model"]);
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());
        Step(new PodInput.ContainerStarted("fetch", "1"));

        Assert.That(Exit("fetch", 1), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("fetch", 1) }));
        Step(new PodInput.ContainerStarted("fetch", "2"));
        Assert.That(Exit("fetch", 1), Is.Empty);
        Assert.That(_state.InitContainers[0].WaitingReason, Is.EqualTo("CrashLoopBackOff"));
        Assert.That(_state.Phase(), Is.EqualTo("Pending"));
    }

    [Test]
    public void An_unknown_image_shows_as_error_and_then_as_backoff()
    {
        Begin(init: [], main: ["model"]);
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());
        Step(new PodInput.StartFailed("model", "ErrImagePull", "no such image"));
        Assert.That(Model.WaitingReason, Is.EqualTo("ErrImagePull"));

        _now = _wakeAt!.Value;
        Assert.That(Step(new PodInput.Tick()), Is.Empty);
        Assert.That(Model.WaitingReason, Is.EqualTo("ImagePullBackOff"));
        _now = _wakeAt!.Value;
        Assert.That(Step(new PodInput.Tick()), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 0) }));
    }

    [Test]
    public void A_failed_liveness_probe_stops_the_container_and_policy_brings_it_back()
    {
        BeginRunning();

        var actions = Step(new PodInput.ProbeTurned("model", "1", ProbeKind.Liveness, false));

        Assert.That(actions, Is.EqualTo(new PodAction[] { new PodAction.StopContainer("model", "1") }));
        Assert.That(Exit("model", 143), Is.EqualTo(new PodAction[] { new PodAction.StartContainer("model", 1) }));
    }

    [Test]
    public void A_probe_of_an_earlier_run_means_nothing()
    {
        BeginRunning();

        Assert.That(Step(new PodInput.ProbeTurned("model", "0", ProbeKind.Liveness, false)), Is.Empty);
    }

    [Test]
    public void Readiness_waits_for_the_startup_probe()
    {
        var pod = Pod([], ["model"], "Always");
        pod.Spec!.Containers[0].StartupProbe = new V1Probe();
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe();
        _state = PodState.Of(pod);
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());
        Step(new PodInput.ContainerStarted("model", "1"));
        Step(new PodInput.ProbeTurned("model", "1", ProbeKind.Readiness, true));
        Assert.That(Model.Ready, Is.False);

        Step(new PodInput.ProbeTurned("model", "1", ProbeKind.Startup, true));

        Assert.That(Model.Ready, Is.True);
    }

    [Test]
    public void Termination_asks_waits_the_grace_period_kills_and_removes()
    {
        BeginRunning();

        Assert.That(
            Step(new PodInput.Terminate(TimeSpan.FromSeconds(30))), Is.EqualTo(new PodAction[] { new PodAction.StopContainer("model", "1") }));
        Assert.That(_wakeAt, Is.EqualTo(_now.AddSeconds(30)));
        Assert.That(Step(new PodInput.Tick()), Is.Empty);
        _now = _now.AddSeconds(30);
        Assert.That(Step(new PodInput.Tick()), Is.EqualTo(new PodAction[] { new PodAction.KillContainer("model", "1") }));
        Assert.That(Exit("model", 137), Is.EqualTo(new PodAction[] { new PodAction.RemovePod() }));
        Assert.That(Step(new PodInput.Tick()), Is.Empty);
    }

    [Test]
    public void A_second_shorter_termination_kills_at_once()
    {
        BeginRunning();
        Step(new PodInput.Terminate(TimeSpan.FromSeconds(30)));

        Assert.That(Step(new PodInput.Terminate(TimeSpan.Zero)), Is.EqualTo(new PodAction[] { new PodAction.KillContainer("model", "1") }));
    }

    [Test]
    public void A_container_that_is_just_starting_is_stopped_as_soon_as_it_is_there()
    {
        Begin(init: [], main: ["model"]);
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());

        Assert.That(Step(new PodInput.Terminate(TimeSpan.FromSeconds(5))), Is.Empty);
        Assert.That(
            Step(new PodInput.ContainerStarted("model", "1")), Is.EqualTo(new PodAction[] { new PodAction.StopContainer("model", "1") }));
    }

    [Test]
    public void Whatever_happens_no_container_runs_twice_and_a_terminated_pod_is_removed_once()
    {
        var input = Gen.Elements<PodInput>(
            new PodInput.Tick(),
            new PodInput.VolumesMounted(),
            new PodInput.VolumesFailed(),
            new PodInput.ContainerStarted("fetch", "x"),
            new PodInput.ContainerStarted("model", "x"),
            new PodInput.StartFailed("model", "ErrImagePull", "no"),
            new PodInput.ContainerExited("fetch", "x", 0, "Completed", null),
            new PodInput.ContainerExited("fetch", "x", 1, "Error", null),
            new PodInput.ContainerExited("model", "x", 1, "Error", null),
            new PodInput.ProbeTurned("model", "x", ProbeKind.Liveness, false),
            new PodInput.Terminate(TimeSpan.FromSeconds(3)));
        Check.One(
            Config.QuickThrowOnFailure.WithReplay(20_261_120, 15).WithMaxTest(2_000), Prop.ForAll(input.ListOf().ToArbitrary(), HoldsFor));

        static bool HoldsFor(IEnumerable<PodInput> inputs)
        {
            var now = Start;
            var state = PodState.Of(Pod(["fetch"], ["model"], "Always"));
            var live = new HashSet<string>();
            var removals = 0;
            foreach (var happened in inputs)
            {
                now = now.AddSeconds(1);
                // Only what a node could really report: starts and ends of what it was told to start.
                if (happened is PodInput.ContainerStarted { Name: var started } && state.All.First(c => c.Name == started).Phase != ContainerPhase.Starting)
                {
                    continue;
                }

                if (happened is PodInput.StartFailed && state.Containers[0].Phase != ContainerPhase.Starting)
                {
                    continue;
                }

                var step = PodMachine.Step(state, happened, RestartBackoff.Kubelet, now);
                state = step.State;
                live = [.. state.All.Where(c => c.IsLive).Select(c => c.Name)];
                removals += step.Actions.Count(a => a is PodAction.RemovePod);
                if ((step.Actions.Any(a => a is PodAction.RemovePod) && live.Count > 0)
                    || (live.Contains("model") && !state.Initialized)
                    || (state.Removed && step.Actions.Any(a => a is PodAction.StartContainer)))
                {
                    return false;
                }
            }

            return removals <= 1;
        }
    }

    private ContainerState Model => _state.Containers[0];

    private static V1Pod Pod(string[] init, string[] main, string policy) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "uid" },
        Spec = new V1PodSpec
        {
            RestartPolicy = policy,
            InitContainers = [.. init.Select(n => new V1Container { Name = n })],
            Containers = [.. main.Select(n => new V1Container { Name = n })],
        },
    };

    private void Begin(string[] init, string[] main) => _state = PodState.Of(Pod(init, main, "Always"));

    private void BeginRunning(string policy = "Always")
    {
        _state = PodState.Of(Pod([], ["model"], policy));
        Step(new PodInput.Tick());
        Step(new PodInput.VolumesMounted());
        Step(new PodInput.ContainerStarted("model", "1"));
    }

    private ImmutableArray<PodAction> Step(PodInput input)
    {
        var step = PodMachine.Step(_state, input, RestartBackoff.Kubelet, _now);
        _state = step.State;
        _wakeAt = step.WakeAt;
        return step.Actions;
    }

    private ImmutableArray<PodAction> Exit(string name, int code)
    {
        var id = _state.All.First(c => c.Name == name).ContainerId;
        return Step(new PodInput.ContainerExited(name, id, code, code == 0 ? "Completed" : "Error", null));
    }

    private ImmutableArray<PodAction> RunToEnd(string name, int code)
    {
        Step(new PodInput.ContainerStarted(name, $"{name}-1"));
        return Exit(name, code);
    }
}
