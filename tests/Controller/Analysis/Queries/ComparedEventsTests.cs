using ModelOperator.Judgement.Counters;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Controller.Tests.Analysis.Queries;

internal sealed class ComparedEventsTests
{
    private static readonly ComparedEvents.Disagreements Disagreements = new();

    [Test]
    public void A_candidate_disagrees_in_copies_whatever_its_own_requests_come_to() => Assert.That(
        Disagreements.Count(Series((RouterCounters.Mirrored, null, 200), (RouterCounters.Disagreements, null, 6), (RouterCounters.Requests, "error", 50))),
        Is.EqualTo(new BadCount(6, 200)));

    [Test]
    public void Several_routers_count_together() => Assert.That(
        Disagreements.Count(Series(
            (RouterCounters.Mirrored, null, 200), (RouterCounters.Mirrored, null, 100), (RouterCounters.Disagreements, null, 6), (RouterCounters.Disagreements, null, 1))),
        Is.EqualTo(new BadCount(7, 300)));

    [Test]
    public void Without_copies_nothing_was_counted() => Assert.That(
        Disagreements.Count(Series((RouterCounters.Requests, "ok", 500))), Is.EqualTo(new BadCount(0, 0)));

    [Test]
    public void Counters_that_were_scraped_at_different_moments_never_give_more_disagreements_than_copies() => Assert.That(
        Disagreements.Count(Series((RouterCounters.Mirrored, null, 3), (RouterCounters.Disagreements, null, 4))), Is.EqualTo(new BadCount(3, 3)));

    [Test]
    public void Stable_is_measured_by_the_errors_among_its_own_requests_without_those_whose_caller_hung_up() => Assert.That(
        Disagreements.CountStable(Series(
            (RouterCounters.Requests, "ok", 990), (RouterCounters.Requests, "error", 8), (RouterCounters.Requests, "timeout", 2), (RouterCounters.Requests, "canceled", 70),
            (RouterCounters.Mirrored, null, 40), (RouterCounters.Disagreements, null, 40))),
        Is.EqualTo(new BadCount(10, 1000)));

    private static ILookup<string, SeriesIncrease> Series(params (string Counter, string? Outcome, double Increase)[] series) => series.ToLookup(
        s => s.Counter,
        s => new SeriesIncrease(s.Outcome is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["outcome"] = s.Outcome }, s.Increase));
}
