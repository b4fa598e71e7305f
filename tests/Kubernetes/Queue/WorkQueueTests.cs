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
