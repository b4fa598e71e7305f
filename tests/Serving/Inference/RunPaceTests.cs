using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Tests.Inference;

internal sealed class RunPaceTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(5);

    [Test]
    public void Runs_are_brief_once_some_dozen_were() => Assert.Multiple(() =>
    {
        Assert.That(After(0, Short).IsBrief, Is.False);
        Assert.That(After(50, Short).IsBrief, Is.True);
    });

    [Test]
    public void Long_runs_are_never_brief() => Assert.That(After(1000, Long).IsBrief, Is.False);

    [Test]
    public void A_model_that_gets_slow_is_noticed_within_some_hundred_runs()
    {
        var pace = After(10_000, Short);
        for (var i = 0; i < 200; i++)
        {
            pace.Ran(Long);
        }
        Assert.That(pace.IsBrief, Is.False);
    }

    [Test]
    public void A_few_long_runs_among_many_short_ones_change_nothing()
    {
        var pace = After(1000, Short);
        for (var i = 0; i < 1000; i++)
        {
            pace.Ran(i % 5 == 0 ? Long : Short);
            Assert.That(pace.IsBrief, Is.True);
        }
    }

    private static RunPace After(int runs, TimeSpan took)
    {
        var pace = new RunPace();
        for (var i = 0; i < runs; i++)
        {
            pace.Ran(took);
        }
        return pace;
    }
}
