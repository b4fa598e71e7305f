using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Controllers;

internal sealed class ControllerRunnerTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeCluster _cluster = new();
    private readonly RecordingController _controller = new();
    private readonly CancellationTokenSource _stop = new();
    private SharedInformers _informers = null!;
    private ControllerRunner<V1Deployment> _runner = null!;
    private Task _running = Task.CompletedTask;

    [SetUp]
    public void Create()
    {
        _informers = new SharedInformers(_cluster, _clock, NullLoggerFactory.Instance);
        _runner = new ControllerRunner<V1Deployment>(
            _controller, _informers, new ControllerOptions { Workers = 3 }, _clock, NullLogger<ControllerRunner<V1Deployment>>.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _runner.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task What_is_there_at_the_start_and_what_changes_later_is_reconciled()
    {
        _cluster.Put(Deployment("web", replicas: 1));
        Run();

        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        _cluster.Put(Deployment("web", replicas: 2));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 2"));
    }

    [Test]
    public async Task A_change_of_an_owned_object_reconciles_its_owner_and_nobody_else()
    {
        var owner = _cluster.Put(Deployment("web", replicas: 1));
        _runner.Owns<V1ReplicaSet>();
        Run();
        await _controller.NextAsync();

        _cluster.Put(new V1ReplicaSet { Metadata = new V1ObjectMeta { Name = "stray", NamespaceProperty = "default" } });
        _cluster.Put(new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web-1",
                NamespaceProperty = "default",
                OwnerReferences = [owner.CreateOwnerReference(controller: true)],
            },
        });

        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(_controller.IsIdle, Is.True);
    }

    [Test]
    public async Task A_watched_object_reconciles_what_it_maps_to_now_and_did_before()
    {
        _cluster.Put(Deployment("a", replicas: 1));
        _cluster.Put(Deployment("b", replicas: 1));
        _cluster.Put(ConfigMap("settings", target: "a"));
        _runner.Watches<V1ConfigMap>(map => [new ObjectKey("default", map.Data!["target"])]);
        Run();
        await Task.WhenAll(_controller.NextAsync(), _controller.NextAsync());

        _cluster.Put(ConfigMap("settings", target: "b"));

        Assert.That(
            new[] { await _controller.NextAsync(), await _controller.NextAsync() }, Is.EquivalentTo(new[] { "reconcile a 1", "reconcile b 1" }));
    }

    [Test]
    public async Task A_failure_and_an_exception_are_tried_again_with_growing_delays()
    {
        var attempts = 0;
        _controller.OnReconcile = entity => ++attempts switch
        {
            1 => throw new InvalidOperationException("broken"),
            2 => Task.FromResult(ReconciliationResult<V1Deployment>.Failure(entity, "not yet")),
            _ => Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity)),
        };
        _cluster.Put(Deployment("web", replicas: 1));
        Run();

        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(10));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
    }

    [Test]
    public async Task Requeue_after_brings_the_key_back_at_that_time()
    {
        _controller.OnReconcile = entity => Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity, TimeSpan.FromSeconds(42)));
        _cluster.Put(Deployment("web", replicas: 1));
        Run();
        await _controller.NextAsync();

        await PassDelayAsync(TimeSpan.FromSeconds(42));

        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));
    }

    [Test]
    public async Task A_deleted_object_is_told_once_and_again_only_when_that_failed()
    {
        var failures = 1;
        _controller.OnDeleted = entity => failures-- > 0
            ? ReconciliationResult<V1Deployment>.Failure(entity, "busy")
            : ReconciliationResult<V1Deployment>.Success(entity);
        _cluster.Put(Deployment("web", replicas: 1));
        Run();
        await _controller.NextAsync();

        await _cluster.DeleteAsync<V1Deployment>("web", "default");

        Assert.That(await _controller.NextAsync(), Is.EqualTo("deleted web"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("deleted web"));
        _runner.Enqueue(new ObjectKey("default", "web"));
        _cluster.Put(Deployment("other", replicas: 1));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile other 1"));
    }

    [Test]
    public async Task A_key_is_not_reconciled_from_a_cache_older_than_its_own_writes()
    {
        _controller.OnReconcile = async entity =>
        {
            if (entity.Spec?.Replicas == 1)
            {
                _cluster.Hold();
                await _cluster.UpdateAsync(Deployment("web", replicas: 2));
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        _cluster.Put(Deployment("web", replicas: 1));
        Run();
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 1"));

        // Asked for again while the cache still shows one replica: it waits and looks again, without reconciling.
        _runner.Enqueue(new ObjectKey("default", "web"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(100));
        await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromMilliseconds(100)));
        Assert.That(_controller.IsIdle, Is.True);

        _cluster.Release();
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile web 2"));
    }

    [Test]
    public async Task One_worker_at_a_time_has_a_key_and_other_keys_go_on_meanwhile()
    {
        var release = new TaskCompletionSource();
        _controller.OnReconcile = async entity =>
        {
            if (entity.Name() == "slow")
            {
                await release.Task;
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        _cluster.Put(Deployment("slow", replicas: 1));
        Run();
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile slow 1"));

        _cluster.Put(Deployment("slow", replicas: 2));
        _cluster.Put(Deployment("quick", replicas: 1));
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile quick 1"));
        Assert.That(_controller.IsIdle, Is.True);

        release.SetResult();
        Assert.That(await _controller.NextAsync(), Is.EqualTo("reconcile slow 2"));
    }

    [Test]
    public async Task First_lists_that_do_not_come_fail_the_controller()
    {
        var run = _runner.RunAsync(_stop.Token);
        await PassDelayAsync(TimeSpan.FromMinutes(2));

        var error = (await Assert.ThrowsAsync<TimeoutException>(() => run))!;
        Assert.That(error.Message, Does.Contain("deployments.apps"));
    }

    private static V1Deployment Deployment(string name, int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1DeploymentSpec { Replicas = replicas },
    };

    private static V1ConfigMap ConfigMap(string name, string target) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Data = new Dictionary<string, string> { ["target"] = target },
    };

    private void Run() => _running = Task.WhenAll(_informers.RunAsync(_stop.Token), _runner.RunAsync(_stop.Token));

    private async Task PassDelayAsync(TimeSpan delay)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _clock.WaitForTimersAsync(timers => timers.Contains(delay), limit.Token);
        _clock.Advance(delay);
    }
}
