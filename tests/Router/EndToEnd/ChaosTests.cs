using System.Net;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class ChaosTests
{
    private const int StablePods = 3;

    private static readonly (string Name, RequestDelegate Behaviour)[] CandidateFaults =
    [
        ("well", FakeModel.Answers("ok")),
        ("answering 500", FakeModel.AnswersWith(500)),
        ("hanging", FakeModel.Hangs),
        ("resetting", FakeModel.Resets),
        ("breaking off", FakeModel.BreaksOff),
    ];

    private readonly string[] _stable = new string[StablePods];
    private FakeModel?[] _pods = [];
    private FakeModel? _candidate;
    private string _candidateAddress = "";
    private RouterUnderTest?[] _routers = [];
    private volatile int _weight;
    private int _generation;

    [SetUp]
    public async Task Start()
    {
        _pods = [.. await Task.WhenAll(Enumerable.Range(0, StablePods).Select(_ => FakeModel.StartAsync(FakeModel.Answers("ok"))))];
        for (var i = 0; i < StablePods; i++)
        {
            _stable[i] = _pods[i]!.Address;
        }
        _candidate = await FakeModel.StartAsync();
        _candidateAddress = _candidate.Address;
        _routers = [await NewRouterAsync(), await NewRouterAsync()];
        _generation = 0;
        Serve(20);
    }

    [TearDown]
    public async Task Stop()
    {
        foreach (var router in _routers.OfType<RouterUnderTest>())
        {
            await router.DisposeAsync();
        }
        foreach (var pod in _pods.Append(_candidate).OfType<FakeModel>())
        {
            await pod.KillAsync();
        }
    }

    [Test]
    public async Task Nothing_that_happens_to_a_candidate_a_pod_or_a_router_costs_a_request()
    {
        using var end = new CancellationTokenSource();
        var load = LoadAsync(requests: 1500);
        var weights = ChangeWeightsAsync(end.Token);

        for (var round = 0; !load.IsCompleted; round++)
        {
            await MistreatCandidateAsync(round);
            await KillAndRestartStableAsync(round % StablePods);
            if (round % 2 == 1)
            {
                await RestartRouterAsync(round / 2 % 2);
            }
        }
        await end.CancelAsync();
        await weights;
        var statuses = await load;

        var failed = statuses.Where(status => status != HttpStatusCode.OK).ToList();
        await TestContext.Out.WriteLineAsync($"{statuses.Count} requests, {failed.Count} failed ({string.Join(", ", failed)}), {_generation} versions of the route");
        Assert.That(failed, Is.Empty);
        Assert.That(statuses, Has.Count.EqualTo(1500));
    }

    [Test]
    public async Task Shares_are_exact_while_the_candidate_fails_in_every_way()
    {
        var asked = 0;
        foreach (var (_, behaviour) in CandidateFaults)
        {
            _candidate!.Behaviour = behaviour;
            Serve(30);
            var answers = await _routers[0]!.AskAsync(100);
            asked += answers.Count(answer => answer.Status == HttpStatusCode.OK);
        }
        await _candidate!.KillAsync();
        _candidate = null;

        Assert.That(asked, Is.EqualTo(500));
        Assert.That(await _routers[0]!.MetricAsync("modelrouter_requests_total", "role=\"Candidate\""), Is.EqualTo(150).Within(2));
    }

    // Open loop: the next request does not wait for the answer to the one before.
    private async Task<IReadOnlyList<HttpStatusCode>> LoadAsync(int requests)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(4), TimeProvider.System);
        var asking = new List<Task<HttpStatusCode>>();
        for (var i = 0; i < requests; i++)
        {
            await tick.WaitForNextTickAsync();
            // As a Service does: only what is ready is asked.
            var router = _routers[i % 2] ?? _routers[(i + 1) % 2]!;
            asking.Add(AskAsync(http, router.Data));
        }
        return await Task.WhenAll(asking);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, Uri router)
    {
        using var response = await http.PostAsync(new Uri(router, "/default/digits/v2"), new ByteArrayContent(new byte[500]));
        return await response.Content.ReadAsStringAsync() == "ok" ? response.StatusCode : HttpStatusCode.UnprocessableContent;
    }

    private async Task ChangeWeightsAsync(CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        try
        {
            for (var weight = 10; ; weight = 10 + ((weight + 30) % 50))
            {
                Serve(weight);
                await tick.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private async Task MistreatCandidateAsync(int round)
    {
        if (round % 6 == 5)
        {
            await _candidate!.KillAsync();
            await Pause();
            _candidate = await FakeModel.StartAsync(port: new Uri($"http://{_candidateAddress}").Port);
        }
        _candidate!.Behaviour = CandidateFaults[round % CandidateFaults.Length].Behaviour;
        await Pause();
    }

    // The route learns of the death only later, as it would.
    private async Task KillAndRestartStableAsync(int index)
    {
        var killed = _pods[index]!;
        _pods[index] = null;
        await killed.KillAsync();
        await Pause();
        Serve(_weight);
        await Pause();
        _pods[index] = await FakeModel.StartAsync(FakeModel.Answers("ok"), new Uri($"http://{_stable[index]}").Port);
        Serve(_weight);
        await Pause();
    }

    private async Task RestartRouterAsync(int index)
    {
        var router = _routers[index]!;
        _routers[index] = null;
        await router.App.StopAsync();
        await router.DisposeAsync();
        var restarted = await NewRouterAsync();
        restarted.Serve(Route(_weight));
        _routers[index] = restarted;
        Serve(_weight);
    }

    private static async Task<RouterUnderTest> NewRouterAsync() => await RouterUnderTest.StartAsync(
        RouterUnderTest.Options with { Drain = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromMinutes(1), MirrorConcurrency = 10_000 });

    private void Serve(int weight)
    {
        _weight = weight;
        foreach (var router in _routers.OfType<RouterUnderTest>())
        {
            router.Serve(Route(weight));
        }
    }

    private TestRoute Route(int weight) => new TestRoute(generation: Interlocked.Increment(ref _generation))
        .Stable(100 - weight, [.. _stable.Where((_, i) => _pods[i] is not null)])
        .Candidate(weight, _candidateAddress);

    private static Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
}
