using FsCheck.Fluent;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Tests.Analysis.Counters;

internal sealed class SampleRhythmTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly SampleRhythm EveryTen = new(Noon, TimeSpan.FromSeconds(10));

    [TestCase(0.04, 10, 10, TestName = "A_look_follows_the_next_sample")]
    [TestCase(9, 10, 10, TestName = "A_late_look_does_not_put_off_the_next")]
    [TestCase(0.04, 15, 20, TestName = "An_interval_between_samples_is_rounded")]
    [TestCase(0.04, 1, 10, TestName = "Nobody_looks_twice_at_a_sample")]
    public void The_next_look_is_right_after_a_sample(double lookedAfter, double interval, double sampleAfter) => Assert.That(
        EveryTen.After(Noon.AddSeconds(lookedAfter), TimeSpan.FromSeconds(interval)),
        Is.EqualTo(Noon.AddSeconds(sampleAfter) + SampleRhythm.Settling));

    [TestCase(-5, 15, 10, TestName = "The_last_sample_within_the_interval")]
    [TestCase(-5, 2, 0, TestName = "The_first_of_the_step_when_the_interval_is_shorter")]
    [TestCase(3, 1, 10, TestName = "None_from_before_the_step")]
    public void The_first_look_of_a_step_sees_a_sample_of_it(double stepAfter, double interval, double sampleAfter) => Assert.That(
        EveryTen.First(Noon.AddSeconds(stepAfter), TimeSpan.FromSeconds(interval)),
        Is.EqualTo(Noon.AddSeconds(sampleAfter) + SampleRhythm.Settling));

    [Test]
    public void A_sample_that_is_late_is_waited_for_but_not_for_ever()
    {
        var look = Noon.AddSeconds(10) + SampleRhythm.Settling;

        Assert.That(EveryTen.IsAwaited(look, look), Is.True);
        Assert.That(EveryTen.IsAwaited(look, look.AddSeconds(2)), Is.False);
        Assert.That((EveryTen with { NewestAt = Noon.AddSeconds(10) }).IsAwaited(look, look), Is.False);
    }

    [Test]
    public void A_target_that_is_scraped_no_more_has_no_rhythm() =>
        Assert.That((EveryTen.IsAliveAt(Noon.AddSeconds(29)), EveryTen.IsAliveAt(Noon.AddSeconds(30))), Is.EqualTo((true, false)));

    [Test]
    public void Looks_are_an_interval_apart_however_late_they_come() => Properties.ForAll(
        Gen.Choose(0, 9900).Zip(Gen.Choose(0, 5)),
        drawn =>
        {
            var interval = TimeSpan.FromSeconds(30);
            var look = EveryTen.After(Noon, interval);
            for (var round = 0; round < drawn.Item2; round++)
            {
                var rhythm = EveryTen with { NewestAt = look - SampleRhythm.Settling };
                var next = rhythm.After(look.AddMilliseconds(drawn.Item1), interval);
                if (next - look != interval)
                {
                    return false;
                }

                look = next;
            }

            return true;
        });
}
