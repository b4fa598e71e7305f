using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Telemetry;
using ModelOperator.TestSupport;

namespace ModelOperator.Router.Tests.Balancing;

internal sealed class PodHealthTests
{
    private readonly ManualTimeProvider _time = new();

    private TimeSpan Now => _time.GetElapsedTime(0);

    [Test]
    public void A_pod_is_ejected_after_failures_in_a_row_and_not_for_failures_among_answers()
    {
        var mixed = default(PodHealth);
        for (var i = 0; i < 100; i++)
        {
            mixed = i % PodHealth.MostFailures == 0 ? mixed.AfterSuccess(Now) : mixed.AfterFailure(Now);
        }
        Assert.That(mixed.Share(Now), Is.EqualTo(1));
        Assert.That(Ejected(default).Share(Now), Is.Zero);
    }

    [Test]
    public void It_comes_back_slowly()
    {
        var health = Ejected(default);
        _time.Advance(PodHealth.FirstEjection - TimeSpan.FromMilliseconds(1));
        Assert.That(health.Share(Now), Is.Zero);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(health.Share(Now), Is.EqualTo(0.05).Within(1e-6));
        _time.Advance(PodHealth.SlowReturn / 2);
        Assert.That(health.Share(Now), Is.EqualTo(0.5).Within(1e-3));
        Assert.That(health.AfterSuccess(Now).Share(Now), Is.EqualTo(0.5).Within(1e-3), "one answer is no recovery");
        _time.Advance(PodHealth.SlowReturn / 2);
        Assert.That(health.Share(Now), Is.EqualTo(1));
        Assert.That(health.AfterSuccess(Now), Is.EqualTo(default(PodHealth)));
    }

    [Test]
    public void A_failure_on_the_way_back_ejects_it_for_twice_as_long_up_to_a_bound()
    {
        var health = Ejected(default);
        var expected = PodHealth.FirstEjection;
        for (var i = 0; i < 12; i++)
        {
            Assert.That(health.ReturnsAt - Now, Is.EqualTo(expected));
            _time.Advance(expected);
            health = health.AfterFailure(Now);
            expected = expected * 2 < PodHealth.LongestEjection ? expected * 2 : PodHealth.LongestEjection;
        }
    }

    [Test]
    public void What_was_on_its_way_when_it_was_ejected_changes_nothing()
    {
        var health = Ejected(default);
        Assert.That(health.AfterFailure(Now), Is.EqualTo(health));
        Assert.That(health.AfterSuccess(Now), Is.EqualTo(health));
    }

    [Test]
    public void Whatever_happens_a_pod_that_answers_for_long_enough_has_its_full_share_again() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<(bool Failed, byte Seconds)[]>(history =>
        {
            var now = TimeSpan.Zero;
            var health = default(PodHealth);
            foreach (var (failed, seconds) in history)
            {
                now += TimeSpan.FromSeconds(seconds);
                health = failed ? health.AfterFailure(now) : health.AfterSuccess(now);
                if (health.Share(now) is < 0 or > 1 || health.ReturnsAt - now > PodHealth.LongestEjection)
                {
                    return false;
                }
            }
            now += PodHealth.LongestEjection + PodHealth.SlowReturn;
            return health.AfterSuccess(now) == default;
        }));

    [Test]
    public void An_ejected_pod_is_passed_over_and_a_returning_one_gets_a_part()
    {
        var endpoints = Enumerable.Range(0, 4).Select(i => new PodEndpoint($"http://127.0.0.1:{i}")).ToImmutableArray();
        Eject(endpoints[1]);
        Assert.That(Takes(endpoints), Does.Not.Contain(endpoints[1]));

        _time.Advance(PodHealth.FirstEjection + (PodHealth.SlowReturn / 4));
        Assert.That(Takes(endpoints).Count(one => one == endpoints[1]), Is.InRange(100, 450), "about a quarter of the thousand it would get");
        _time.Advance(PodHealth.SlowReturn);
        Assert.That(Takes(endpoints).Count(one => one == endpoints[1]), Is.InRange(800, 1200));
    }

    [Test]
    public void When_most_pods_are_ejected_none_is()
    {
        var endpoints = Enumerable.Range(0, 3).Select(i => new PodEndpoint($"http://127.0.0.1:{i}")).ToImmutableArray();
        Eject(endpoints[0]);
        Assert.That(Takes(endpoints), Does.Not.Contain(endpoints[0]));
        Eject(endpoints[1]);
        Assert.That(Takes(endpoints).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Callers_that_leave_and_wrong_requests_eject_nobody()
    {
        var endpoint = new PodEndpoint("http://127.0.0.1:1");
        for (var i = 0; i < 100; i++)
        {
            endpoint.Observe(i % 2 == 0 ? AttemptOutcome.Canceled : AttemptOutcome.ClientError, Now);
        }
        Assert.That(endpoint.Share(Now), Is.EqualTo(1));
    }

    private List<PodEndpoint> Takes(ImmutableArray<PodEndpoint> endpoints)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 4000).Select(_ => PowerOfTwoChoices.Choose(endpoints, null, Now, random)!)];
    }

    private void Eject(PodEndpoint endpoint)
    {
        for (var i = 1; i < PodHealth.MostFailures; i++)
        {
            Assert.That(endpoint.Observe(AttemptOutcome.Error, Now), Is.False);
        }
        Assert.That(endpoint.Observe(AttemptOutcome.Error, Now), Is.True);
    }

    private PodHealth Ejected(PodHealth health)
    {
        for (var i = 0; i < PodHealth.MostFailures; i++)
        {
            health = health.AfterFailure(Now);
        }
        return health;
    }
}
