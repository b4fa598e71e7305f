using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Kubernetes.Tests.Informers;

internal sealed class ReflectorStateTests
{
    private static readonly ReflectorState Watching = ReflectorState.Initial.Listed("10");

    [Test]
    public void It_lists_first_and_watches_from_the_version_of_the_list()
    {
        Assert.That(ReflectorState.Initial.Phase, Is.EqualTo(ReflectorPhase.List));
        Assert.That(Watching, Is.EqualTo(new ReflectorState(ReflectorPhase.Watch, "10", 0)));
    }

    [Test]
    public void Every_event_moves_the_version_on_and_forgets_failures() =>
        Assert.That(Watching.WatchBroke().Progressed("11"), Is.EqualTo(new ReflectorState(ReflectorPhase.Watch, "11", 0)));

    [Test]
    public void A_broken_watch_is_opened_again_from_where_it_was() =>
        Assert.That(Watching.Progressed("12").WatchBroke(), Is.EqualTo(new ReflectorState(ReflectorPhase.Watch, "12", 1)));

    [Test]
    public void An_expired_version_leads_to_a_list() => Assert.That(Watching.MustRelist().Phase, Is.EqualTo(ReflectorPhase.List));

    [Test]
    public void A_watch_that_expires_right_after_every_list_slows_down()
    {
        var state = ReflectorState.Initial;
        for (var i = 0; i < 10; i++)
        {
            state = state.Listed($"{i}").MustRelist();
        }

        Assert.That(state.DelayBefore(jitter: 1), Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(state.DelayBefore(jitter: 0), Is.EqualTo(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public void A_watch_that_ends_at_once_without_an_event_is_a_failure_and_any_other_end_is_none()
    {
        Assert.That(Watching.WatchEnded(TimeSpan.FromSeconds(0.9), hadEvents: false).Failures, Is.EqualTo(1));
        Assert.That(Watching.WatchEnded(TimeSpan.FromSeconds(0.9), hadEvents: true).DelayBefore(1), Is.EqualTo(TimeSpan.Zero));
        Assert.That(Watching.WatchEnded(TimeSpan.FromMinutes(7), hadEvents: false).DelayBefore(1), Is.EqualTo(TimeSpan.Zero));
    }
}
