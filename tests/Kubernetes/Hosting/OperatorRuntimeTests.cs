using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Hosting;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Hosting;

internal sealed class OperatorRuntimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStandbyPause = TimeSpan.FromSeconds(4.4);

    private readonly FakeCluster _cluster = new();
    private readonly ManualTimeProvider _clock = new();

    [Test]
    [Behaviour(36)]
    public async Task A_standby_fills_its_caches_and_reconciles_nothing_until_the_leader_gives_way()
    {
        _cluster.Put(Deployment("web"));
        await using var leader = new OperatorProcess(_cluster, _clock);
        await using var standby = new OperatorProcess(_cluster, _clock);
        await leader.StartAsync();
        await UntilAsync(() => leader.Log.Contains("reconcile web"));
        await standby.StartAsync();
        await UntilAsync(() => standby.Elector.Leader is not null);
        _cluster.Put(Deployment("added-later"));
        await UntilAsync(() => leader.Log.Contains("reconcile added-later") && standby.Informers.Get<V1Deployment>().Get("added-later", "default") is not null);
        Assert.That(standby.Log, Is.EqualTo(new[] { "server starts" }));

        await leader.StopAsync();
        await UntilAsync(() => _clock.PendingTimers.Any(due => due <= LongestStandbyPause));
        _clock.Advance(LongestStandbyPause);

        // The lease would have lasted for 15 s.
        await UntilAsync(() => standby.Log.Contains("reconcile web") && standby.Log.Contains("reconcile added-later"));
        Assert.That(leader.ExitCode, Is.EqualTo(OperatorExit.Asked));
    }

    [Test]
    [Behaviour(39)]
    public async Task Parts_start_and_stop_in_order()
    {
        _cluster.Put(Deployment("web"));
        var release = new TaskCompletionSource();
        await using var process = new OperatorProcess(_cluster, _clock);
        var atServer = new List<(string Moment, bool CachesAreFull, string? Holder)>();
        process.OnServer = moment => atServer.Add((moment, process.Informers.Get<V1Deployment>().HasSynced, Holder()));
        process.OnReconcile = token => release.Task.WaitAsync(token);
        await process.StartAsync();
        await UntilAsync(() => process.Log.Contains("reconcile web"));

        var stopping = process.StopAsync();
        release.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.That(process.Log, Is.EqualTo(new[] { "server starts", "reconcile web", "reconciled web", "server stops" }));
        Assert.That(atServer[0], Is.EqualTo(("start", false, (string?)null)), "the server comes before caches and election");
        Assert.That(atServer[1].Holder, Is.Not.Null, "the lease is held until everything else has stopped");
        Assert.That(Holder(), Is.Null, "and then given back");
        var events = (await _cluster.ListAsync<Corev1Event>(new ListOptions())).Items.Select(e => e.Message);
        Assert.That(events, Has.Some.Contain("became leader").And.Some.Contain("stopped leading"), "events are written before the end");
    }

    [Test]
    [Behaviour(35)]
    public async Task What_is_in_hand_is_finished_on_a_clean_stop_and_nothing_new_is_begun()
    {
        _cluster.Put(Deployment("web"));
        var release = new TaskCompletionSource();
        await using var process = new OperatorProcess(_cluster, _clock);
        process.OnReconcile = token => release.Task.WaitAsync(token);
        await process.StartAsync();
        await UntilAsync(() => process.Log.Contains("reconcile web"));

        var stopping = process.StopAsync();
        _cluster.Put(Deployment("late"));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That(stopping.IsCompleted, Is.False);
        release.SetResult();
        await stopping.WaitAsync(Patience);

        Assert.That(process.Log, Does.Contain("reconciled web").And.Not.Contain("reconcile late"));
        Assert.That(process.ExitCode, Is.EqualTo(OperatorExit.Asked));
    }

    [Test]
    [Behaviour(35)]
    public async Task What_does_not_finish_within_the_grace_is_abandoned_and_the_lease_is_left_to_run_out()
    {
        _cluster.Put(Deployment("web"));
        await using var process = new OperatorProcess(_cluster, _clock);
        process.OnReconcile = token => Task.Delay(Timeout.InfiniteTimeSpan, _clock, token);
        await process.StartAsync();
        await UntilAsync(() => process.Log.Contains("reconcile web"));

        var stopping = process.StopAsync();
        var start = _clock.GetUtcNow();
        while (!stopping.IsCompleted)
        {
            // The lease is renewed while the work goes on.
            await UntilAsync(() => stopping.IsCompleted || _clock.PendingTimers.Contains(TimeSpan.FromSeconds(2)));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        await stopping;
        Assert.That(_clock.GetUtcNow() - start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(process.Log, Does.Not.Contain("reconciled web"));
        Assert.That(Holder(), Is.Not.Null);
    }

    [Test]
    [Behaviour(35)]
    public async Task A_lost_lease_ends_the_process_at_once_with_a_code_of_its_own_and_without_a_drain()
    {
        _cluster.Put(Deployment("web"));
        var dropped = new TaskCompletionSource();
        await using var process = new OperatorProcess(_cluster, _clock);
        process.OnReconcile = async token =>
        {
            await using var registration = token.Register(dropped.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, token);
        };
        await process.StartAsync();
        await UntilAsync(() => process.Log.Contains("reconcile web"));
        var lease = (await _cluster.GetAsync<V1Lease>("operator", "system"))!;
        _cluster.Put(new V1Lease { Metadata = lease.Metadata, Spec = new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15 } });

        var end = process.WaitForEndAsync();
        await UntilAsync(() => _clock.PendingTimers.Contains(TimeSpan.FromSeconds(2)));
        _clock.Advance(TimeSpan.FromSeconds(2));

        // No more time passes: the grace of a clean stop is not waited for.
        await dropped.Task.WaitAsync(Patience);
        await end.WaitAsync(Patience);
        Assert.That(process.ExitCode, Is.EqualTo(OperatorExit.LeadershipLost));
        Assert.That(Holder(), Is.EqualTo("other"));
    }

    [Test]
    public async Task Caches_that_do_not_fill_in_time_end_the_process()
    {
        _cluster.ListsAfter = new TaskCompletionSource().Task;
        await using var process = new OperatorProcess(_cluster, _clock);
        await process.StartAsync();
        var end = process.WaitForEndAsync();
        await UntilAsync(() => _clock.PendingTimers.Contains(TimeSpan.FromMinutes(2)));
        _clock.Advance(TimeSpan.FromMinutes(2));

        await end.WaitAsync(Patience);
        Assert.That(process.ExitCode, Is.EqualTo(OperatorExit.Failed));
        Assert.That(Holder(), Is.Null, "who cannot see does not lead");
    }

    [Test]
    public async Task Without_an_election_the_process_works_at_once()
    {
        _cluster.Put(Deployment("web"));
        await using var process = new OperatorProcess(_cluster, _clock, settings => settings.WithName("operator"));
        await process.StartAsync();

        await UntilAsync(() => process.Log.Contains("reconcile web"));
        Assert.That(await _cluster.GetAsync<V1Lease>("operator", "system"), Is.Null);
    }

    private static V1Deployment Deployment(string name) => new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" } };

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    private string? Holder() => _cluster.GetAsync<V1Lease>("operator", "system").GetAwaiter().GetResult()?.Spec?.HolderIdentity;
}
