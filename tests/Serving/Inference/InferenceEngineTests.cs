using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Inference.Batching;
using ModelOperator.Telemetry.Prometheus;
using ModelOperator.TestSupport;

namespace ModelOperator.Serving.Tests.Inference;

internal sealed class InferenceEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _time = new();
    private ServiceProvider _services = null!;

    [OneTimeSetUp]
    public void BuildServices() => _services = new ServiceCollection().AddLogging()
        .AddPrometheusMetrics(ServingMetrics.MeterName)
        .AddSingleton(new ModelIdentity("tiny", "1", "r1")).AddSingleton<ServingMetrics>().BuildServiceProvider();

    [OneTimeTearDown]
    public void DisposeServices() => _services.Dispose();

    [Test]
    public async Task A_request_that_finds_the_model_free_runs_at_once_on_its_own_thread()
    {
        var session = new FakeSession();
        using var engine = Engine(session, new BatchSettings(8, TimeSpan.Zero));

        var running = engine.RunAsync(Rows.Request(1, 2), CancellationToken.None);

        Assert.That(running.IsCompletedSuccessfully);
        using var result = await running;
        Assert.That(Rows.Of(result.Outputs[0]), Is.EqualTo([2f, 4f]));
        Assert.That(result.Outputs[0].Shape.ToArray(), Is.EqualTo([2L, 1L]));
    }

    [Test]
    public async Task What_comes_while_the_model_is_busy_goes_together_and_each_gets_its_own_rows()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, new BatchSettings(8, TimeSpan.Zero));
        var first = Start(engine, Rows.Request(1));
        await session.BegunAsync();
        Task<float[]>[] others = [Ask(engine, Rows.Request(2, 3)), Ask(engine, Rows.Request(4)), Ask(engine, Rows.Request(5, 6, 7))];

        session.LetOneEnd();
        await session.BegunAsync();
        session.LetOneEnd();

        Assert.That(await first, Is.EqualTo([2f]));
        Assert.That(await Task.WhenAll(others), Is.EqualTo((float[][])[[4, 6], [8], [10, 12, 14]]));
        Assert.That(session.Runs, Is.EqualTo((float[][])[[1], [2, 3, 4, 5, 6, 7]]));
        Assert.That(session.Held, Is.Zero, "outputs that nobody let go of");
    }

    [Test]
    public async Task A_batch_that_is_full_leaves_at_once_and_a_lone_request_waits_no_longer_than_the_delay()
    {
        var session = new FakeSession();
        using var engine = Engine(session, new BatchSettings(2, TimeSpan.FromMilliseconds(5)));

        var (one, two) = (Ask(engine, Rows.Request(1)), Ask(engine, Rows.Request(2)));
        Assert.That(await Task.WhenAll(one, two).WaitAsync(Patience), Is.EqualTo((float[][])[[2], [4]]));

        var alone = Ask(engine, Rows.Request(3));
        _time.Advance(TimeSpan.FromMilliseconds(4.9));
        Assert.That(session.Runs, Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromMilliseconds(0.1));

        Assert.That(await alone.WaitAsync(Patience), Is.EqualTo([6f]));
    }

    [Test]
    public async Task Requests_that_differ_in_other_dimensions_or_in_outputs_go_apart()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, new BatchSettings(8, TimeSpan.Zero));
        var first = Start(engine, Rows.Request(0));
        await session.BegunAsync();
        Task<float[]>[] others =
        [
            Ask(engine, Rows.Request([1], 1, [0])), Ask(engine, Rows.Request([2], 2, [0])),
            Ask(engine, Rows.Request([3], 1, [1])), Ask(engine, Rows.Request([4], 1, [0])),
        ];

        for (var i = 0; i < 4; i++)
        {
            session.LetOneEnd();
        }
        await first;

        Assert.That(await Task.WhenAll(others), Is.EqualTo((float[][])[[2], [4, 4], [-3], [8]]));
        Assert.That(session.Runs, Is.EqualTo((float[][])[[0], [1, 4], [2, 2], [3]]));
    }

    [Test]
    public async Task A_batch_that_fails_is_run_one_by_one_so_that_only_the_guilty_request_fails()
    {
        var session = new FakeSession { FailsOn = value => value == 13 };
        using var engine = Engine(session, new BatchSettings(3, TimeSpan.FromSeconds(1)));

        Task<float[]>[] asked = [Ask(engine, Rows.Request(1)), Ask(engine, Rows.Request(13)), Ask(engine, Rows.Request(3))];

        Assert.That(await asked[0].WaitAsync(Patience), Is.EqualTo([2f]));
        Assert.That(await asked[2].WaitAsync(Patience), Is.EqualTo([6f]));
        await Assert.ThrowsAsync<InferenceException>(() => asked[1]);
        Assert.That(session.Runs, Is.EqualTo((float[][])[[1, 13, 3], [1], [13], [3]]));
        Assert.That(session.Held, Is.Zero);
    }

    [Test]
    public async Task A_model_whose_outputs_have_no_row_for_each_row_still_answers_each_request_alone()
    {
        var session = new FakeSession { Sums = true };
        using var engine = Engine(session, new BatchSettings(2, TimeSpan.FromSeconds(1)));

        var (one, two) = (Ask(engine, Rows.Request(1)), Ask(engine, Rows.Request(2)));

        Assert.That(await Task.WhenAll(one, two).WaitAsync(Patience), Is.EqualTo((float[][])[[1], [2]]));
    }

    [Test]
    public async Task No_more_runs_overlap_than_there_are_slots()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, BatchSettings.Off, slots: 2);
        var asked = Enumerable.Range(0, 6).Select(i => Task.Run(() => Ask(engine, Rows.Request(i)))).ToArray();
        for (var i = 0; i < asked.Length; i++)
        {
            await session.BegunAsync();
            session.LetOneEnd();
        }

        Assert.That((await Task.WhenAll(asked)).Select(rows => rows[0]), Is.EqualTo([0f, 2, 4, 6, 8, 10]));
        Assert.That(session.MostAtATime, Is.EqualTo(2));
    }

    [Test]
    public async Task A_caller_that_left_is_not_run()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, BatchSettings.Off);
        var first = Start(engine, Rows.Request(1));
        await session.BegunAsync();
        using var left = new CancellationTokenSource();
        var leaver = Ask(engine, Rows.Request(2), left.Token);
        var stayer = Ask(engine, Rows.Request(3));

        await left.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => leaver);
        session.LetOneEnd();
        session.LetOneEnd();
        await first;
        Assert.That(await stayer, Is.EqualTo([6f]));
        Assert.That(session.Runs, Is.EqualTo((float[][])[[1], [3]]));
    }

    [Test]
    public async Task A_request_whose_timeout_is_over_is_answered_then_and_not_run()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, BatchSettings.Off);
        var first = Start(engine, Rows.Request(1));
        await session.BegunAsync();
        var hasty = Rows.Request(2);
        hasty.Timeout = TimeSpan.FromMilliseconds(30);
        var asked = Ask(engine, hasty);

        _time.Advance(TimeSpan.FromMilliseconds(29));
        Assert.That(asked.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(
            (await Assert.ThrowsAsync<DeadlineException>(() => asked.WaitAsync(Patience)))!.Message, Does.Contain("timeout of 30 ms"));
        session.LetOneEnd();
        await first;
        Assert.That(session.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_timeout_counts_from_the_arrival_of_the_request()
    {
        using var engine = Engine(new FakeSession(), BatchSettings.Off);
        _time.Advance(TimeSpan.FromSeconds(1));
        using var request = Rows.Request(1);
        request.Arrived = _time.GetTimestamp();
        request.Timeout = TimeSpan.FromMilliseconds(10);
        _time.Advance(TimeSpan.FromMilliseconds(10));

        await Assert.ThrowsAsync<DeadlineException>(async () => (await engine.RunAsync(request, CancellationToken.None)).Dispose());
    }

    [Test]
    public async Task More_than_may_wait_are_refused_at_once_and_told_when_to_come_again()
    {
        var session = new FakeSession { Gated = true };
        using var engine = Engine(session, BatchSettings.Off, queue: new QueueSettings(1, null));
        var first = Start(engine, Rows.Request(1));
        await session.BegunAsync();
        var second = Ask(engine, Rows.Request(2));

        var refused = await Assert.ThrowsAsync<QueueFullException>(() => Ask(engine, Rows.Request(3)));

        Assert.That(refused!.Message, Does.Contain("1 requests wait for the model"));
        session.LetOneEnd();
        session.LetOneEnd();
        await Task.WhenAll(first, second);
        Assert.That(session.Runs, Is.EqualTo((float[][])[[1], [2]]));
    }

    [Test]
    public async Task A_request_larger_than_a_batch_is_refused_with_what_to_do()
    {
        using var engine = Engine(new FakeSession(), new BatchSettings(2, TimeSpan.Zero));

        Assert.That(
            (await Assert.ThrowsAsync<BatchTooLargeException>(() => Ask(engine, Rows.Request(1, 2, 3))))!.Message,
            Is.EqualTo("the request has 3 rows; this server takes at most 2 at a time, send it in parts"));
    }

    [Test]
    public async Task Without_batching_a_request_may_have_any_number_of_rows()
    {
        using var engine = Engine(new FakeSession(), BatchSettings.Off);

        Assert.That(await Ask(engine, Rows.Request(1, 2, 3)), Is.EqualTo([2f, 4, 6]));
    }

    [Test]
    public async Task Under_any_interleaving_of_threads_each_request_gets_its_own_rows()
    {
        const int Callers = 16, Requests = 200, MaxBatch = 7;
        var session = new FakeSession();
        using var engine = new InferenceEngine(
            session, new EngineSettings(2, new BatchSettings(MaxBatch, TimeSpan.FromMicroseconds(50)), new QueueSettings(1000, Patience)),
            _services.GetRequiredService<ServingMetrics>(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < Requests; i++)
            {
                var rows = Enumerable.Range(0, random.Next(1, 5)).Select(row => (caller * 10_000f) + (i * 10) + row).ToArray();
                Assert.That(await Ask(engine, Rows.Request(rows)), Is.EqualTo(Array.ConvertAll(rows, row => 2 * row)));
            }
        })));

        Assert.That(session.Runs.Select(run => run.Length), Is.All.LessThanOrEqualTo(MaxBatch));
        Assert.That(session.MostAtATime, Is.LessThanOrEqualTo(2));
        Assert.That(session.Held, Is.Zero);
    }

    private static Task<float[]> Start(InferenceEngine engine, InferenceRequest request) => Task.Run(() => Ask(engine, request));

    private static async Task<float[]> Ask(InferenceEngine engine, InferenceRequest request, CancellationToken cancellation = default)
    {
        using (request)
        {
            using var result = await engine.RunAsync(request, cancellation);
            return Rows.Of(result.Outputs[0]);
        }
    }

    private InferenceEngine Engine(FakeSession session, BatchSettings batching, int slots = 1, QueueSettings? queue = null) => new(
        session, new EngineSettings(slots, batching, queue ?? QueueSettings.Default),
        _services.GetRequiredService<ServingMetrics>(), _time, NullLogger<InferenceEngine>.Instance);
}
