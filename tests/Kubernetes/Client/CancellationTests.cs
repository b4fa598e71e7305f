using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;
using ModelOperator.TestSupport.Faults;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>
/// Wherever a call waits, cancelling ends it. Nothing else would: the clock stands still and the server never answers.
/// </summary>
internal sealed class CancellationTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeApi _api = null!;

    [SetUp]
    public async Task StartAsync() => _api = await FakeApi.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        _stop.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task While_connecting_to_a_server_that_does_not_shake_hands()
    {
        await using var link = FaultyLink.StartTo(_api.Address);
        link.Freeze();
        using var client = new KubernetesClient(
            new KubernetesClientConfiguration { Server = new UriBuilder(link.Via(_api.Address)) { Scheme = "https" }.Uri }, _clock);

        await AssertCancelledAsync(client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), () => link.Open == 1);
    }

    [Test]
    public async Task While_waiting_for_an_answer()
    {
        using var client = _api.CreateClient(_clock);

        await AssertCancelledAsync(client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), () => !_api.Requests.IsEmpty);
    }

    [Test]
    public async Task While_an_answer_comes_in()
    {
        using var client = _api.CreateClient(_clock);
        var hasBegun = new TaskCompletionSource();
        _api.Reply(async context =>
        {
            await KnownFaults.Slow("{}", async i =>
            {
                if (i == 1)
                {
                    hasBegun.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                }
            }).ApplyAsync(context);
        });

        await AssertCancelledAsync(client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), () => hasBegun.Task.IsCompleted);
    }

    [Test]
    public async Task While_waiting_as_long_as_the_server_asked_for()
    {
        using var client = _api.CreateClient(_clock);
        _api.Reply(Answer.Refusal(429, "TooManyRequests", "slow down", "30"));

        await AssertCancelledAsync(
            client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), () => _clock.PendingTimers.Contains(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task While_a_credential_plug_in_runs()
    {
        var plugin = new ExecCredentialPlugin
        {
            Command = "sleep",
            Arguments = ["1000"],
            ApiVersion = "client.authentication.k8s.io/v1",
            InteractiveMode = ExecInteractiveMode.Never,
        };
        using var client = new KubernetesClient(new KubernetesClientConfiguration { Server = _api.Address, Exec = plugin }, _clock);

        await AssertCancelledAsync(
            client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), () => _clock.PendingTimers.Contains(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task Between_the_pages_of_a_list()
    {
        using var client = _api.CreateClient(_clock);
        _api.Reply(Answer.Json("""{"metadata":{"resourceVersion":"5","continue":"more"},"items":[]}"""));

        await AssertCancelledAsync(client.ListAsync<V1ConfigMap>("default", cancellationToken: _stop.Token), () => _api.Requests.Count == 2);
    }

    [Test]
    public async Task While_a_watch_has_nothing_to_tell()
    {
        using var client = _api.CreateClient(_clock);
        _api.ReplyToWatch(Answer.WatchFrom(System.Threading.Channels.Channel.CreateUnbounded<string>().Reader));
        await using var watch = client.WatchAsync<V1ConfigMap>("default", cancellationToken: _stop.Token).GetAsyncEnumerator(_stop.Token);

        await AssertCancelledAsync(watch.MoveNextAsync().AsTask(), () => !_api.Requests.IsEmpty);
    }

    [Test]
    public async Task Before_it_has_begun()
    {
        using var client = _api.CreateClient(_clock);
        await _stop.CancelAsync();

        Assert.That(async () => await client.GetAsync<V1ConfigMap>("a", "default", _stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_api.Requests, Is.Empty);
    }

    private async Task AssertCancelledAsync(Task call, Func<bool> isWaiting)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isWaiting())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }

        Assert.That(call.IsCompleted, Is.False);
        await _stop.CancelAsync();
        Assert.That(async () => await call.WaitAsync(TimeSpan.FromSeconds(60)), Throws.InstanceOf<OperationCanceledException>());
    }
}
