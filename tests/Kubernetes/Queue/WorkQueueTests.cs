using System.Collections.Concurrent;
using ModelOperator.Kubernetes.Queue;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Queue;

internal sealed class WorkQueueTests
{
    private readonly ManualTimeProvider _clock = new();
    private WorkQueue<string> _queue = null!;

    [SetUp]
    public void Create() => _queue = new WorkQueue<string>(_clock);

    [TearDown]
    public void Dispose() => _queue.Dispose();

    [Test]
    public void A_key_added_twice_is_taken_once()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");

        Assert.That(TakeAll(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    [Behaviour(17)]
    public void A_key_added_while_it_is_worked_on_comes_again_once_it_is_done()
    {
        _queue.Add("a");
        Assert.That(_queue.TryTake(out _), Is.True);
        _queue.Add("a");
        _queue.Add("a");

        Assert.That(_queue.TryTake(out _), Is.False);
        _queue.Done("a");
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Of_several_delays_the_first_to_end_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));

        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(TakeAll(), Is.Empty);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }).Or.Empty);
    }

    [Test]
    [Behaviour(19)]
    public void Delayed_keys_come_in_order_of_their_times_with_one_timer()
    {
        _queue.AddAfter("late", TimeSpan.FromDays(3));
        _queue.AddAfter("soon", TimeSpan.FromSeconds(1));
        _queue.AddAfter("later", TimeSpan.FromHours(1));

        Assert.That(_clock.PendingTimers, Has.Count.EqualTo(1));
        _clock.Advance(TimeSpan.FromDays(3));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "soon", "later", "late" }));
    }

    [Test]
    [Behaviour(20)]
    public void Failures_wait_longer_each_time_and_are_never_given_up()
    {
        var delays = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            _queue.AddRateLimited("a");
            delays.Add(_clock.PendingTimers.Single().TotalMilliseconds);
            _clock.Advance(_clock.PendingTimers.Single());
            Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
        }

        Assert.That(delays.Take(4), Is.EqualTo(new[] { 5.0, 10, 20, 40 }));
        Assert.That(delays[^1], Is.EqualTo(1_000_000));
        _queue.Forget("a");
        _queue.AddRateLimited("a");
        Assert.That(_clock.PendingTimers.Single().TotalMilliseconds, Is.EqualTo(5));
    }

    [Test]
    public async Task A_waiting_worker_gets_a_key_as_soon_as_it_is_added()
    {
        var take = _queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.That(take.IsCompleted, Is.False);

        _queue.Add("a");

        Assert.That(await take, Is.EqualTo((true, "a")));
    }

    [Test]
    public async Task Shutting_down_ends_every_waiting_worker_after_what_is_left()
    {
        _queue.Add("a");
        _queue.AddAfter("delayed", TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        _queue.Add("b");

        Assert.That(await _queue.TakeAsync(CancellationToken.None), Is.EqualTo((true, "a")));
        Assert.That(await _queue.TakeAsync(CancellationToken.None), Is.EqualTo((false, (string?)null)));
        Assert.That(await _queue.TakeAsync(CancellationToken.None), Is.EqualTo((false, (string?)null)));
        Assert.That(_clock.PendingTimers, Is.Empty);

        var drain = _queue.DrainAsync(CancellationToken.None);
        Assert.That(drain.IsCompleted, Is.False);
        _queue.Done("a");
        await drain;
    }

    [Test]
    [Behaviour(23)]
    public void Changes_go_before_what_is_only_told_again_and_in_order_of_arrival()
    {
        _queue.Add("listed", QueuePriority.Low);
        _queue.Add("listed and changed", QueuePriority.Low);
        _queue.Add("changed");
        _queue.Add("listed and changed");
        _queue.Add("changed", QueuePriority.Low);

        Assert.That(TakeAll(), Is.EqualTo(new[] { "changed", "listed and changed", "listed" }));
    }

    [Test]
    [Behaviour(23)]
    public void What_stands_behind_has_every_eighth_turn()
    {
        _queue.Add("listed", QueuePriority.Low);
        var taken = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            _queue.Add($"changed {i}");
            Assert.That(_queue.TryTake(out var key), Is.True);
            taken.Add(key!);
        }

        Assert.That(taken.Take(7), Has.None.EqualTo("listed"));
        Assert.That(taken[7], Is.EqualTo("listed"));
    }

    [Test]
    [Behaviour(23)]
    public void A_failure_keeps_its_priority()
    {
        _queue.Add("listed", QueuePriority.Low);
        Assert.That(_queue.TryTake(out _), Is.True);
        _queue.AddRateLimited("listed");
        _queue.Done("listed");

        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _queue.Add("changed");

        Assert.That(TakeAll(), Is.EqualTo(new[] { "changed", "listed" }));
    }

    [Test]
    [Behaviour(19)]
    public void A_key_that_is_wanted_now_does_not_come_again_for_an_older_delay()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");

        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(TakeAll(), Is.Empty);
    }

    [Test]
    public async Task A_cancelled_worker_leaves_and_the_key_goes_to_the_next()
    {
        using var leave = new CancellationTokenSource();
        var leaving = _queue.TakeAsync(leave.Token).AsTask();
        var staying = _queue.TakeAsync(CancellationToken.None).AsTask();

        await leave.CancelAsync();
        Assert.That(async () => await leaving, Throws.InstanceOf<OperationCanceledException>());
        _queue.Add("a");

        Assert.That(await staying.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo((true, "a")));
    }

    [Test]
    public async Task Many_workers_lose_no_key_and_share_none()
    {
        var inHand = new ConcurrentDictionary<string, bool>();
        var counts = new ConcurrentDictionary<string, int>();
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await _queue.TakeAsync(CancellationToken.None) is (true, { } key))
            {
                Assert.That(inHand.TryAdd(key, true), Is.True);
                counts.AddOrUpdate(key, 1, (_, count) => count + 1);
                await Task.Yield();
                inHand.TryRemove(key, out bool _);
                _queue.Done(key);
            }
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 5000; i++)
            {
                _queue.Add($"{i % 100}", i % 3 == 0 ? QueuePriority.Low : QueuePriority.Normal);
                if (i % 50 == 0)
                {
                    await Task.Yield();
                }
            }

            _queue.Add($"last of {writer}");
        })));
        _queue.ShutDown();
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(counts.Keys, Has.Count.EqualTo(104));
        Assert.That(_queue.Count, Is.Zero);
    }

    private List<string> TakeAll()
    {
        var keys = new List<string>();
        while (_queue.TryTake(out var key))
        {
            keys.Add(key);
        }

        keys.ForEach(_queue.Done);
        return keys;
    }
}
