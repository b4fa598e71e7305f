using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class ReflectorStateTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ReflectorState Initial = ReflectorState.Initial(canStream: false);
    private static readonly ReflectorState Watching = Initial.TookAll("10");

    [Test]
    [Behaviour(1)]
    public void The_first_list_takes_any_version_and_a_relist_none_older_than_what_was_seen()
    {
        Assert.Multiple(() =>
        {
            Assert.That((Initial.Phase, Initial.ListVersion), Is.EqualTo((ReflectorPhase.List, "0")));
            Assert.That((Watching.Phase, Watching.ResourceVersion), Is.EqualTo((ReflectorPhase.Watch, "10")));
            Assert.That(Watching.Progressed("17").MustTakeAll(Now).ListVersion, Is.EqualTo("17"));
        });
    }

    [Test]
    [Behaviour(2)]
    public void Every_event_moves_the_version_on_and_one_without_a_version_does_not() =>
        Assert.That(Watching.Progressed("11").Progressed("12").Progressed("").Progressed(null).ResourceVersion, Is.EqualTo("12"));

    [Test]
    [Behaviour(3)]
    public void A_version_that_a_list_refuses_leads_to_the_newest_at_once_and_then_slows_down()
    {
        var relisting = Watching.MustTakeAll(Now).Waited();
        var refused = relisting.VersionRefused(Now);
        Assert.Multiple(() =>
        {
            Assert.That(relisting.ListVersion, Is.EqualTo("10"));
            Assert.That(refused.ListVersion, Is.Empty);
            Assert.That(refused.DelayBefore(0), Is.EqualTo(TimeSpan.Zero));
            Assert.That(refused.VersionRefused(Now).DelayBefore(0), Is.GreaterThan(TimeSpan.Zero));
            Assert.That(refused.TookAll("99").MustTakeAll(Now).ListVersion, Is.EqualTo("99"));
        });
    }

    [Test]
    [Behaviour(5)]
    public void Failures_wait_from_800_milliseconds_to_30_seconds_and_up_to_twice_that()
    {
        var delays = new List<double>();
        var state = Watching;
        for (var i = 0; i < 8; i++)
        {
            state = state.Unreachable(Now + (i * Second));
            delays.Add(state.DelayBefore(0).TotalSeconds);
        }

        Assert.That(delays, Is.EqualTo(new[] { 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 }).Within(1e-9));
        Assert.That(state.DelayBefore(1), Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(state.Waited().DelayBefore(1), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    [Behaviour(5)]
    public void Two_minutes_without_a_failure_and_not_one_event_make_the_server_healthy_again()
    {
        var failed = Watching.Unreachable(Now).Unreachable(Now).Unreachable(Now).Progressed("11");

        Assert.That(failed.Unreachable(Now + TimeSpan.FromMinutes(1.9)).Failures, Is.EqualTo(4));
        Assert.That(failed.Unreachable(Now + TimeSpan.FromMinutes(2)).Failures, Is.EqualTo(1));
    }

    [Test]
    [Behaviour(5)]
    public void A_watch_that_expires_right_after_every_list_slows_down()
    {
        var state = Initial;
        for (var i = 0; i < 10; i++)
        {
            state = state.TookAll($"{i}").MustTakeAll(Now);
        }

        Assert.That(state.DelayBefore(0), Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    [Behaviour(6)]
    public void An_unreachable_server_changes_nothing_but_the_time()
    {
        Assert.That(Watching.Unreachable(Now).Phase, Is.EqualTo(ReflectorPhase.Watch));
        Assert.That(Watching.Unreachable(Now).ResourceVersion, Is.EqualTo("10"));
        Assert.That(Watching.MustTakeAll(Now).Phase, Is.EqualTo(ReflectorPhase.List));
    }

    [Test]
    [Behaviour(8)]
    public void A_watch_that_ends_at_once_without_an_event_is_a_failure_and_any_other_end_is_none()
    {
        var empty = Watching.WatchEnded(Now, lasted: 0.9 * Second, hadEvents: false);
        Assert.Multiple(() =>
        {
            Assert.That((empty.Phase, empty.Failures), Is.EqualTo((ReflectorPhase.List, 1)));
            Assert.That(Watching.WatchEnded(Now, lasted: 0.9 * Second, hadEvents: true), Is.EqualTo(Watching));
            Assert.That(Watching.WatchEnded(Now, lasted: Second, hadEvents: false), Is.EqualTo(Watching));
        });
    }

    [Test]
    [Behaviour(10)]
    public void Objects_are_streamed_until_the_server_refuses_and_listed_once_after_any_other_failure()
    {
        var streaming = ReflectorState.Initial(canStream: true);
        var failed = streaming.TakeAllFailed(Now);
        var refused = streaming.StreamRefused();
        Assert.Multiple(() =>
        {
            Assert.That((streaming.Phase, streaming.StreamVersion), Is.EqualTo((ReflectorPhase.Stream, "")));
            Assert.That(streaming.TookAll("7").MustTakeAll(Now).StreamVersion, Is.EqualTo("7"));
            Assert.That(failed.Phase, Is.EqualTo(ReflectorPhase.List));
            Assert.That(failed.TookAll("7").MustTakeAll(Now).Phase, Is.EqualTo(ReflectorPhase.Stream));
            Assert.That((refused.Phase, refused.DelayBefore(1)), Is.EqualTo((ReflectorPhase.List, TimeSpan.Zero)));
            Assert.That(refused.TookAll("7").MustTakeAll(Now).Phase, Is.EqualTo(ReflectorPhase.List));
        });
    }
}
