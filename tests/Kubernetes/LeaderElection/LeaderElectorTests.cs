using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

internal sealed class LeaderElectorTests : IDisposable
{
    private static readonly LeaderElectionSettings Me = new() { LeaseName = "operator", LeaseNamespace = "system", Identity = "me" };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeLease _lease = new();
    private readonly FakeMeters _meters = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaderElector _elector;

    public LeaderElectorTests() => _elector = new LeaderElector(
        _lease, Me, new LeaderElectionMetrics(_meters, Me.LeaseName), _clock, NullLogger.Instance);

    public void Dispose()
    {
        _stop.Dispose();
        _meters.Dispose();
    }

    [Test]
    public void Settings_that_cannot_work_are_refused() =>
        Assert.That(
            () => new LeaderElector(_lease, Me with { RenewDeadline = TimeSpan.FromSeconds(20) }, new LeaderElectionMetrics(_meters, "x"), _clock, NullLogger.Instance),
            Throws.ArgumentException.With.Message.Contains("must be greater than the renew deadline"));

    [Test]
    [Behaviour(33)]
    public async Task A_leader_renews_every_retry_period_and_reads_nothing()
    {
        var holding = await LeadAsync();
        for (var i = 0; i < 5; i++)
        {
            await PassAsync(2);
        }

        await WaitForRequestsAsync(7);
        Assert.That(_lease.Requests, Is.EqualTo(new[] { "get", "create", "replace", "replace", "replace", "replace", "replace" }));
        Assert.That(_lease.Told, Is.EqualTo(new[] { "me became leader" }));
        Assert.That(_meters["leader_election_master_status{name=operator}"], Is.EqualTo(1));
        Assert.That(_meters["leader_election_slowpath_total{name=operator}"], Is.Zero);
        await StopAsync(holding);
    }

    [Test]
    [Behaviour(33)]
    public async Task A_write_that_was_overtaken_is_followed_by_a_look_and_counted_as_the_slow_path()
    {
        var holding = await LeadAsync();
        _lease.Write(_lease.Current!.Record);

        await PassAsync(2);
        await WaitForRequestsAsync(5);

        Assert.That(_lease.Requests.Skip(2), Is.EqualTo(new[] { "replace", "get", "replace" }));
        Assert.That(_meters["leader_election_slowpath_total{name=operator}"], Is.EqualTo(1));
        await StopAsync(holding);
        Assert.That(_elector.IsLeading, Is.True, "the lease is still held");
    }

    [Test]
    public async Task An_api_that_is_away_costs_no_leadership_when_it_is_back_before_the_deadline()
    {
        var holding = await LeadAsync();
        _lease.Failure = new HttpRequestException("connection refused");
        for (var i = 0; i < 4; i++)
        {
            await PassAsync(2);
        }

        _lease.Failure = null;
        await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(2)));
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(holding.IsCompleted, Is.False);
        await StopAsync(holding);
    }

    [Test]
    [Behaviour(35)]
    public async Task An_api_that_stays_away_until_the_deadline_costs_the_leadership()
    {
        var holding = await LeadAsync();
        _lease.Failure = new HttpRequestException("connection refused");
        for (var i = 0; i < 5; i++)
        {
            await PassAsync(2);
        }

        var lost = (await Assert.ThrowsAsync<LeadershipLostException>(() => holding.WaitAsync(Patience)))!;
        Assert.That(lost.Message, Does.Contain("could not be renewed for 10 s"));
        Assert.That(_elector.IsLeading, Is.False);
        Assert.That(_meters["leader_election_master_status{name=operator}"], Is.Zero);
    }

    [Test]
    [Behaviour(34)]
    public async Task One_request_that_hangs_does_not_cost_the_leadership()
    {
        var holding = await LeadAsync();
        _lease.Hanging = 1;
        await PassAsync(2);
        await PassAsync(5);
        await WaitForRequestsAsync(5);

        Assert.That(_lease.Requests.Skip(2), Is.EqualTo(new[] { "replace", "get", "replace" }));
        Assert.That(holding.IsCompleted, Is.False);
        await StopAsync(holding);
    }

    [Test]
    [Behaviour(34)]
    public async Task A_leader_whose_every_request_hangs_stops_at_the_deadline()
    {
        var holding = await LeadAsync();
        _lease.Hanging = int.MaxValue;
        await PassAsync(2);
        await PassAsync(5);
        await PassAsync(3);

        await Assert.ThrowsAsync<LeadershipLostException>(() => holding.WaitAsync(Patience));
    }

    [Test]
    [Behaviour(35)]
    public async Task A_lease_that_somebody_else_has_ends_the_leadership_at_once()
    {
        var holding = await LeadAsync();
        _lease.Write(_lease.Current!.Record with { Holder = "other" });

        await PassAsync(2);

        var lost = (await Assert.ThrowsAsync<LeadershipLostException>(() => holding.WaitAsync(Patience)))!;
        Assert.That(lost.Message, Does.Contain("other has the lease"));
    }

    [Test]
    [Behaviour(35)]
    public async Task A_clean_stop_gives_the_lease_back_and_the_next_candidate_takes_it_at_once()
    {
        await StopAsync(await LeadAsync());
        await _elector.ReleaseAsync(CancellationToken.None);

        Assert.That(_lease.Current!.Record, Has.Property("Holder").Empty.And.Property("Duration").EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(_lease.Told[^1], Is.EqualTo("me stopped leading"));
        Assert.That(_meters["leader_election_master_status{name=operator}"], Is.Zero);
        using var meters = new FakeMeters();
        var next = new LeaderElector(_lease, Me with { Identity = "next" }, new LeaderElectionMetrics(meters, "operator"), _clock, NullLogger.Instance);
        await next.AcquireAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.That(_lease.Current.Record.Transitions, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_not_held_is_not_given_back()
    {
        _lease.Write(new LeaseRecord("other", TimeSpan.FromSeconds(15), null, null, 0));

        await _elector.ReleaseAsync(CancellationToken.None);

        Assert.That(_lease.Requests, Is.EqualTo(new[] { "get" }));
    }

    [Test]
    public async Task A_lease_that_cannot_be_given_back_is_left_to_run_out()
    {
        await StopAsync(await LeadAsync());
        _lease.Failure = new HttpRequestException("connection refused");

        await _elector.ReleaseAsync(CancellationToken.None);

        Assert.That(_elector.IsLeading, Is.False);
    }

    [Test]
    public async Task A_standby_waits_until_the_leader_has_been_silent_for_the_duration_of_its_lease()
    {
        _lease.Write(new LeaseRecord("other", TimeSpan.FromSeconds(7), null, null, 0));
        var start = _clock.GetUtcNow();
        var acquiring = _elector.AcquireAsync(_stop.Token);
        while (!acquiring.IsCompleted)
        {
            await Task.WhenAny(acquiring, _clock.WaitForTimersAsync(timers => timers.Any(due => due > TimeSpan.Zero && due <= TimeSpan.FromSeconds(4.4))));
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        await acquiring;
        Assert.That(_clock.GetUtcNow() - start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(_lease.Current!.Record, Has.Property("Holder").EqualTo("me").And.Property("Transitions").EqualTo(1));
    }

    [Test]
    [Behaviour(40)]
    public async Task A_leader_that_neither_renews_nor_stops_is_unhealthy_and_a_standby_is_not()
    {
        Assert.That(_elector.Problem(), Is.Null);
        await _elector.AcquireAsync(CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(35));
        Assert.That(_elector.Problem(), Is.Null);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_elector.Problem(), Is.EqualTo("the lease system/operator was last renewed 36 s ago"));
    }

    private async Task<Task> LeadAsync()
    {
        await _elector.AcquireAsync(_stop.Token).WaitAsync(Patience);
        return _elector.HoldAsync(_stop.Token);
    }

    private async Task StopAsync(Task holding)
    {
        await _stop.CancelAsync();
        await holding.WaitAsync(Patience);
    }

    // Moves the clock once the elector waits for it.
    private async Task PassAsync(double seconds)
    {
        using var limit = new CancellationTokenSource(Patience);
        var time = TimeSpan.FromSeconds(seconds);
        await _clock.WaitForTimersAsync(timers => timers.Contains(time), limit.Token);
        _clock.Advance(time);
    }

    private async Task WaitForRequestsAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (_lease.Requests.Count < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
