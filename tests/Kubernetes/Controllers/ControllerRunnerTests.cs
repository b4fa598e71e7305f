using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.Controllers;

internal sealed class ControllerRunnerTests : ControllerTestBase
{
    [Test]
    [Behaviour(18)]
    public async Task What_is_there_at_the_start_and_what_changes_later_is_reconciled()
    {
        Cluster.Put(Deployment("web", replicas: 1));
        Run();

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Cluster.Put(Deployment("web", replicas: 2));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 2"));
    }

    [Test]
    [Behaviour(27)]
    public async Task A_change_of_an_owned_object_reconciles_its_owner_and_nobody_else()
    {
        var owner = Cluster.Put(Deployment("web", replicas: 1));
        Runner.Owns<V1ReplicaSet>();
        Run();
        await Controller.NextAsync();

        Cluster.Put(new V1ReplicaSet { Metadata = new V1ObjectMeta { Name = "stray", NamespaceProperty = "default" } });
        Cluster.Put(new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web-1",
                NamespaceProperty = "default",
                OwnerReferences = [owner.CreateOwnerReference(controller: true)],
            },
        });

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(Controller.IsIdle, Is.True);
    }

    [Test]
    [Behaviour(27)]
    public async Task An_object_that_changes_hands_reconciles_its_old_and_its_new_owner()
    {
        var old = Cluster.Put(Deployment("old", replicas: 1));
        var heir = Cluster.Put(Deployment("heir", replicas: 1));
        Runner.Owns<V1ReplicaSet>();
        Run();
        await Task.WhenAll(Controller.NextAsync(), Controller.NextAsync());
        Cluster.Put(Owned(old));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile old 1"));

        Cluster.Put(Owned(heir));

        Assert.That(
            new[] { await Controller.NextAsync(), await Controller.NextAsync() }, Is.EquivalentTo(new[] { "reconcile old 1", "reconcile heir 1" }));

        static V1ReplicaSet Owned(V1Deployment owner) => new()
        {
            Metadata = new V1ObjectMeta { Name = "set", NamespaceProperty = "default", OwnerReferences = [owner.CreateOwnerReference(controller: true)] },
        };
    }

    [Test]
    public async Task A_watched_object_reconciles_what_it_maps_to_now_and_did_before()
    {
        Cluster.Put(Deployment("a", replicas: 1));
        Cluster.Put(Deployment("b", replicas: 1));
        Cluster.Put(ConfigMap("settings", target: "a"));
        Runner.Watches<V1ConfigMap>(map => [new ObjectKey("default", map.Data!["target"])]);
        Run();
        await Task.WhenAll(Controller.NextAsync(), Controller.NextAsync());

        Cluster.Put(ConfigMap("settings", target: "b"));

        Assert.That(
            new[] { await Controller.NextAsync(), await Controller.NextAsync() }, Is.EquivalentTo(new[] { "reconcile a 1", "reconcile b 1" }));
    }

    [Test]
    [Behaviour(20)]
    public async Task A_failure_and_an_exception_are_tried_again_with_growing_delays()
    {
        var attempts = 0;
        Controller.OnReconcile = entity => ++attempts switch
        {
            1 => throw new InvalidOperationException("broken"),
            2 => Task.FromResult(ReconciliationResult<V1Deployment>.Failure(entity, "not yet")),
            _ => Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity)),
        };
        Cluster.Put(Deployment("web", replicas: 1));
        Run();

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(10));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
    }

    [Test]
    [Behaviour(22)]
    public async Task Requeue_after_brings_the_key_back_at_that_time()
    {
        Controller.OnReconcile = entity => Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity, TimeSpan.FromSeconds(42)));
        Cluster.Put(Deployment("web", replicas: 1));
        Run();
        await Controller.NextAsync();

        await PassDelayAsync(TimeSpan.FromSeconds(42));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
    }

    [Test]
    public async Task A_deleted_object_is_told_once_and_again_only_when_that_failed()
    {
        var failures = 1;
        Controller.OnDeleted = entity => failures-- > 0
            ? ReconciliationResult<V1Deployment>.Failure(entity, "busy")
            : ReconciliationResult<V1Deployment>.Success(entity);
        Cluster.Put(Deployment("web", replicas: 1));
        Run();
        await Controller.NextAsync();

        await Cluster.DeleteAsync<V1Deployment>("web", "default");

        Assert.That(await Controller.NextAsync(), Is.EqualTo("deleted web"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("deleted web"));
        Runner.Enqueue(new ObjectKey("default", "web"));
        Cluster.Put(Deployment("other", replicas: 1));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile other 1"));
    }

    [Test]
    [Behaviour(25)]
    public async Task A_key_is_not_reconciled_from_a_cache_older_than_its_own_writes()
    {
        Controller.OnReconcile = async entity =>
        {
            if (entity.Spec?.Replicas == 1)
            {
                Cluster.Hold();
                await Cluster.UpdateAsync(Deployment("web", replicas: 2));
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        Cluster.Put(Deployment("web", replicas: 1));
        Run();
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));

        // Asked for again while the cache still shows one replica: it waits and looks again, without reconciling.
        Runner.Enqueue(new ObjectKey("default", "web"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(100));
        await Clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromMilliseconds(100)));
        Assert.That(Controller.IsIdle, Is.True);

        Cluster.Release();
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 2"));
    }

    [Test]
    [Behaviour(17)]
    public async Task One_worker_at_a_time_has_a_key_and_other_keys_go_on_meanwhile()
    {
        var release = new TaskCompletionSource();
        Controller.OnReconcile = async entity =>
        {
            if (entity.Name() == "slow")
            {
                await release.Task;
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        Cluster.Put(Deployment("slow", replicas: 1));
        Run();
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile slow 1"));

        Cluster.Put(Deployment("slow", replicas: 2));
        Cluster.Put(Deployment("quick", replicas: 1));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile quick 1"));
        Assert.That(Controller.IsIdle, Is.True);

        release.SetResult();
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile slow 2"));
    }

    [Test]
    [Behaviour(16)]
    public async Task First_lists_that_do_not_come_fail_theController()
    {
        var run = Runner.RunAsync(Stop.Token);
        await PassDelayAsync(TimeSpan.FromMinutes(2));

        var error = (await Assert.ThrowsAsync<TimeoutException>(() => run))!;
        Assert.That(error.Message, Does.Contain("deployments.apps"));
    }
}
