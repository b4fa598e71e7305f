using ModelOperator.Serving.Inference.Batching;

namespace ModelOperator.Serving.Tests.Inference.Batching;

internal sealed class ServiceTimeTests
{
    [Test]
    public void The_average_follows_the_last_runs()
    {
        var service = new ServiceTime(slots: 1, maxBatch: 1, maxWait: null);
        service.Ran(Milliseconds(10));
        Assert.That(service.Run, Is.EqualTo(Milliseconds(10)));

        for (var i = 0; i < 60; i++)
        {
            service.Ran(Milliseconds(20));
        }

        Assert.That(service.Run, Is.EqualTo(Milliseconds(20)).Within(Milliseconds(0.1)));
    }

    [TestCase(1, 1, 0, 10)]
    [TestCase(1, 1, 3, 40)]
    [TestCase(2, 1, 3, 20)]
    [TestCase(1, 8, 16, 30)]
    public void A_request_waits_for_the_run_under_way_and_for_the_batches_before_it(int slots, int maxBatch, int rowsBefore, double milliseconds)
    {
        var service = new ServiceTime(slots, maxBatch, null);
        service.Ran(Milliseconds(10));

        Assert.That(service.WaitBehind(rowsBefore), Is.EqualTo(Milliseconds(milliseconds)));
    }

    [TestCase(1, 1, 10, 330)]
    [TestCase(4, 1, 10, 90)]
    [TestCase(1, 32, 10, 30)]
    [TestCase(1, 1, 0.01, 20)]
    public void A_request_may_wait_as_long_as_a_burst_takes_that_a_server_which_keeps_up_would_see(
        int slots, int maxBatch, double run, double milliseconds)
    {
        var service = new ServiceTime(slots, maxBatch, null);
        service.Ran(Milliseconds(run));

        Assert.That(service.MaxWait, Is.EqualTo(Milliseconds(milliseconds)).Within(Milliseconds(0.01)));
    }

    [Test]
    public void A_given_bound_counts() =>
        Assert.That(new ServiceTime(1, 1, Milliseconds(7)).MaxWait, Is.EqualTo(Milliseconds(7)));

    /// <summary>
    /// Poisson arrivals at nine tenths of the capacity and at twice it, runs of one length: the time that those who are taken
    /// spend. Simulated, so the clock plays no part.
    /// </summary>
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    [TestCase(16, 1)]
    [TestCase(1, 8)]
    [TestCase(2, 32)]
    public void At_twice_the_capacity_those_who_are_taken_wait_at_most_twice_as_long_as_near_it(int slots, int maxBatch)
    {
        var near = Simulate(slots, maxBatch, load: 0.9);
        var twice = Simulate(slots, maxBatch, load: 2);
        TestContext.Out.WriteLine($"p99 {near.P99:0.0} runs, {near.Refused:P2} refused; at twice the capacity {twice.P99:0.0} runs, {twice.Refused:P0} refused");

        Assert.That(twice.P99, Is.LessThanOrEqualTo(2 * near.P99));
        Assert.That(near.Refused, Is.LessThan(0.01));
        Assert.That(twice.Refused, Is.EqualTo(0.5).Within(0.05));
    }

    // Time is in runs, of 100 ms each: long against the least bound.
    private static (double P99, double Refused) Simulate(int slots, int maxBatch, double load)
    {
        const double Run = 0.1;
        const int Requests = 200_000;
        var service = new ServiceTime(slots, maxBatch, null);
        service.Ran(TimeSpan.FromSeconds(Run));
        var random = new Random(7);
        var (clock, refused) = (0.0, 0);
        var waiting = new Queue<double>();
        var ends = new PriorityQueue<int, double>();
        var free = slots;
        var times = new List<double>(Requests);

        void Begin(double now)
        {
            for (var i = 0; i < maxBatch && waiting.TryDequeue(out var arrived); i++)
            {
                times.Add(now + Run - arrived);
            }
            free--;
            ends.Enqueue(0, now + Run);
        }

        for (var i = 0; i < Requests; i++)
        {
            clock += -Math.Log(1 - random.NextDouble()) / (load * slots * maxBatch / Run);
            while (ends.TryPeek(out _, out var end) && end <= clock)
            {
                ends.Dequeue();
                free++;
                if (waiting.Count > 0)
                {
                    Begin(end);
                }
            }
            if (free == 0 && service.WaitBehind(waiting.Count) > service.MaxWait)
            {
                refused++;
                continue;
            }
            waiting.Enqueue(clock);
            if (free > 0)
            {
                Begin(clock);
            }
        }
        times.Sort();
        return (times[(int)(times.Count * 0.99)] / Run, (double)refused / Requests);
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
