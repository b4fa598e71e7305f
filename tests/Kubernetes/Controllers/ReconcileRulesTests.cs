using System.Net;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.Controllers;

internal sealed class ReconcileRulesTests : ControllerTestBase
{
    private const string Total = "controller_runtime_reconcile_total{controller=deployment,result=";

    [Test]
    [Behaviour(22)]
    public async Task An_error_waits_with_backoff_whatever_it_asks_for()
    {
        Controller.OnReconcile = entity => Task.FromResult(
            ReconciliationResult<V1Deployment>.Failure(entity, "not yet", requeueAfter: TimeSpan.FromHours(1)));
        await ReconcileAsync();

        await PassDelayAsync(TimeSpan.FromMilliseconds(5));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(Logger.At(LogLevel.Warning), Has.Some.Contains("which is ignored"));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Behaviour(22)]
    public async Task A_terminal_error_is_counted_and_not_tried_again_until_the_object_changes(bool isThrown)
    {
        var error = new TerminalException("the spec makes no sense");
        Controller.OnReconcile = entity => entity.Spec!.Replicas != 1
            ? Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity))
            : isThrown ? throw error : Task.FromResult(ReconciliationResult<V1Deployment>.Failure(entity, error.Message, error));
        await ReconcileAsync();
        await CountedAsync("controller_runtime_terminal_reconcile_errors_total{controller=deployment}", 1);

        Clock.Advance(TimeSpan.FromHours(1));
        Cluster.Put(Deployment("web", replicas: 2));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 2"));
        Assert.That(Meters["controller_runtime_reconcile_errors_total{controller=deployment}"], Is.EqualTo(1));
        Assert.That(Meters["controller_runtime_reconcile_panics_total{controller=deployment}"], Is.Zero);
    }

    [Test]
    [Behaviour(21)]
    public async Task Failures_are_forgotten_after_a_success_or_a_requeue_and_not_before()
    {
        var results = new Queue<Func<V1Deployment, ReconciliationResult<V1Deployment>>>(
        [
            entity => ReconciliationResult<V1Deployment>.Failure(entity, "1"),
            entity => ReconciliationResult<V1Deployment>.Success(entity, requeueAfter: TimeSpan.Zero),
            entity => ReconciliationResult<V1Deployment>.Success(entity, requeueAfter: TimeSpan.FromSeconds(7)),
            entity => ReconciliationResult<V1Deployment>.Failure(entity, "2"),
            entity => ReconciliationResult<V1Deployment>.Success(entity),
        ]);
        Controller.OnReconcile = entity => Task.FromResult(results.Dequeue()(entity));
        await ReconcileAsync();

        foreach (var delay in new[] { 5, 10, 7000, 5 })
        {
            await PassDelayAsync(TimeSpan.FromMilliseconds(delay));
            await Controller.NextAsync();
        }

        await CountedAsync(Total + "success}", 1);
        Assert.That(
            (Meters[Total + "error}"], Meters[Total + "requeue}"], Meters[Total + "requeue_after}"]), Is.EqualTo((2.0, 1.0, 1.0)));
    }

    [Test]
    [Behaviour(24)]
    public async Task A_mistake_in_the_reconciler_is_contained_counted_and_tried_again()
    {
        var attempts = 0;
        Controller.OnReconcile = entity => ++attempts == 1
            ? throw new InvalidOperationException("a bug")
            : Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));
        await ReconcileAsync();

        await PassDelayAsync(TimeSpan.FromMilliseconds(5));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(Meters["controller_runtime_reconcile_panics_total{controller=deployment}"], Is.EqualTo(1));
        Assert.That(Meters["controller_runtime_reconcile_errors_total{controller=deployment}"], Is.EqualTo(1));
        var (_, message, scope) = Logger.Entries.Single(entry => entry.Level == LogLevel.Error);
        Assert.That(message, Does.Contain("default/web threw"));
        Assert.That(scope, Does.Match("^deployment default/web [0-9a-f-]{36}$"));
    }

    [Test]
    [Behaviour(24)]
    public async Task A_reconciliation_that_hangs_is_cancelled_counted_and_harms_no_other()
    {
        Use(new ControllerOptions { Workers = 2, ReconciliationTimeout = TimeSpan.FromSeconds(30) });
        Controller.OnReconcileCancellable = async (entity, cancellationToken) =>
        {
            if (entity.Name() == "web")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        await ReconcileAsync();
        Cluster.Put(Deployment("other", replicas: 1));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile other 1"));

        await PassDelayAsync(TimeSpan.FromSeconds(30));
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(Meters["controller_runtime_reconcile_timeouts_total{controller=deployment}"], Is.EqualTo(1));
    }

    [Test]
    [Behaviour(26)]
    public async Task Children_with_generated_names_are_not_created_twice_from_a_cache_that_is_behind()
    {
        Runner.Owns<V1ReplicaSet>();
        var created = 0;
        Controller.OnReconcile = async entity =>
        {
            if (Informers.Get<V1ReplicaSet>().List().Count == 0)
            {
                Cluster.Hold();
                await Cluster.CreateAsync(new V1ReplicaSet
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = $"web-{++created}",
                        NamespaceProperty = "default",
                        OwnerReferences = [entity.CreateOwnerReference(controller: true)],
                    },
                });
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        await ReconcileAsync();

        Runner.Enqueue(new("default", "web"));
        await PassDelayAsync(TimeSpan.FromMilliseconds(100));
        Cluster.Release();

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
        Assert.That(created, Is.EqualTo(1));
    }

    [Test]
    [Behaviour(28)]
    public async Task Predicates_filter_events_but_never_a_retry()
    {
        Runner.Where(Predicates.GenerationChanged);
        var attempts = 0;
        Controller.OnReconcile = entity => Task.FromResult(++attempts == 1
            ? ReconciliationResult<V1Deployment>.Failure(entity, "not yet")
            : ReconciliationResult<V1Deployment>.Success(entity));
        await ReconcileAsync();

        // No generation changed, so nobody is to look; but the failure is.
        Cluster.Put(Deployment("web", replicas: 2));
        await UntilAsync(() => Informers.Get<V1Deployment>().Get("web", "default")!.Spec!.Replicas == 2);
        await PassDelayAsync(TimeSpan.FromMilliseconds(5));
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 2"));

        Cluster.Put(Deployment("web", replicas: 3));
        var changed = Deployment("web", replicas: 4);
        changed.Metadata.Generation = 2;
        Cluster.Put(changed);
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 4"));
    }

    [Test]
    [Behaviour(29)]
    public async Task There_is_one_worker_unless_more_are_asked_for()
    {
        Use(new ControllerOptions());
        var release = new TaskCompletionSource();
        Controller.OnReconcile = async entity =>
        {
            await release.Task;
            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        await ReconcileAsync();

        Cluster.Put(Deployment("other", replicas: 1));
        Assert.That(Meters["controller_runtime_max_concurrent_reconciles{controller=deployment}"], Is.EqualTo(1));
        Assert.That(Meters["controller_runtime_active_workers{controller=deployment}"], Is.EqualTo(1));
        Assert.That(Controller.IsIdle, Is.True);
        release.SetResult();

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile other 1"));
    }

    [Test]
    [Behaviour(30)]
    public async Task A_conflict_is_tried_again_from_a_newer_cache_and_is_no_alarm()
    {
        Controller.OnReconcile = entity => entity.Spec!.Replicas == 1
            ? throw new KubernetesException(HttpStatusCode.Conflict, new V1Status { Reason = "Conflict", Message = "the object has been modified" })
            : Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));
        await ReconcileAsync();

        Cluster.Put(Deployment("web", replicas: 2));

        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 2"));
        Assert.That(Logger.At(LogLevel.Information), Has.One.Contains("the object has been modified"));
        Assert.That(Logger.At(LogLevel.Error), Is.Empty);
    }

    [Test]
    [Behaviour(40)]
    public async Task Every_series_exists_from_the_start_and_a_stuck_worker_shows()
    {
        Controller.OnReconcileCancellable = async (entity, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return ReconciliationResult<V1Deployment>.Success(entity);
        };
        Use(new ControllerOptions());
        await ReconcileAsync();

        Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.That(
            (Meters["workqueue_unfinished_work_seconds{name=deployment,controller=deployment}"],
                Meters["workqueue_longest_running_processor_seconds{name=deployment,controller=deployment}"],
                Meters["workqueue_adds_total{name=deployment,controller=deployment}"]),
            Is.EqualTo((180.0, 180.0, 1.0)));
        foreach (var result in new[] { "success", "error", "requeue", "requeue_after" })
        {
            Assert.That(Meters.Series, Does.Contain(Total + result + "}"));
        }

        Assert.That(Meters.Series, Does.Contain("workqueue_depth{name=deployment,controller=deployment,priority=-100}"));
        Assert.That(Meters.Series, Does.Contain("workqueue_retries_total{name=deployment,controller=deployment}"));
    }

    private async Task ReconcileAsync()
    {
        Cluster.Put(Deployment("web", replicas: 1));
        Run();
        Assert.That(await Controller.NextAsync(), Is.EqualTo("reconcile web 1"));
    }

    // A worker counts after the reconciler has returned.
    private Task CountedAsync(string series, double value) => UntilAsync(() => Meters[series] >= value);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
