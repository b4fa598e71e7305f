using ModelOperator.Kubernetes.Queue;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Queue;

internal sealed class WorkQueueTests
{
    private readonly ManualTimeProvider clock = new();
    private WorkQueue<string> queue = null!;

    [SetUp]
    public void Create() => queue = new WorkQueue<string>(clock);

    [TearDown]
    public void Dispose() => queue.Dispose();

    [Test]
    public void A_key_added_twice_is_taken_once()
    {
        queue.Add("a");
        queue.Add("b");
        queue.Add("a");

        Assert.That(TakeAll(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void A_key_added_while_it_is_worked_on_comes_again_once_it_is_done()
    {
        queue.Add("a");
        Assert.That(queue.TryTake(out _), Is.True);
        queue.Add("a");
        queue.Add("a");

        Assert.That(queue.TryTake(out _), Is.False);
        queue.Done("a");
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Of_several_delays_the_first_to_end_counts()
    {
        queue.AddAfter("a", TimeSpan.FromSeconds(10));
        queue.AddAfter("a", TimeSpan.FromSeconds(3));
        queue.AddAfter("a", TimeSpan.FromSeconds(20));

        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(TakeAll(), Is.Empty);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }).Or.Empty);
    }

    [Test]
    public void Delayed_keys_come_in_order_of_their_times_with_one_timer()
    {
        queue.AddAfter("late", TimeSpan.FromDays(3));
        queue.AddAfter("soon", TimeSpan.FromSeconds(1));
        queue.AddAfter("later", TimeSpan.FromHours(1));

        Assert.That(clock.PendingTimers, Has.Count.EqualTo(1));
        clock.Advance(TimeSpan.FromDays(3));
        Assert.That(TakeAll(), Is.EqualTo(new[] { "soon", "later", "late" }));
    }

    [Test]
    public void Failures_wait_longer_each_time_and_are_never_given_up()
    {
        var delays = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            queue.AddRateLimited("a");
            delays.Add(clock.PendingTimers.Single().TotalMilliseconds);
            clock.Advance(clock.PendingTimers.Single());
            Assert.That(TakeAll(), Is.EqualTo(new[] { "a" }));
        }

        Assert.That(delays.Take(4), Is.EqualTo(new[] { 5.0, 10, 20, 40 }));
        Assert.That(delays[^1], Is.EqualTo(1_000_000));
        queue.Forget("a");
        queue.AddRateLimited("a");
        Assert.That(clock.PendingTimers.Single().TotalMilliseconds, Is.EqualTo(5));
    }

    [Test]
    public async Task A_waiting_worker_gets_a_key_as_soon_as_it_is_added()
    {
        var take = queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.That(take.IsCompleted, Is.False);

        queue.Add("a");

        Assert.That(await take, Is.EqualTo((true, "a")));
    }

    [Test]
    public async Task Shutting_down_ends_every_waiting_worker_after_what_is_left()
    {
        queue.Add("a");
        queue.AddAfter("delayed", TimeSpan.FromSeconds(1));
        queue.ShutDown();
        queue.Add("b");

        Assert.That(await queue.TakeAsync(CancellationToken.None), Is.EqualTo((true, "a")));
        Assert.That(await queue.TakeAsync(CancellationToken.None), Is.EqualTo((false, (string?)null)));
        Assert.That(await queue.TakeAsync(CancellationToken.None), Is.EqualTo((false, (string?)null)));
        Assert.That(clock.PendingTimers, Is.Empty);

        var drain = queue.DrainAsync(CancellationToken.None);
        Assert.That(drain.IsCompleted, Is.False);
        queue.Done("a");
        await drain;
    }

    private List<string> TakeAll()
    {
        var keys = new List<string>();
        while (queue.TryTake(out var key))
        {
            keys.Add(key);
        }

        keys.ForEach(queue.Done);
        return keys;
    }
}
