using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Controller.Analysis.Counters;

namespace ModelOperator.Controller.Tests.Analysis.Counters;

internal sealed class CounterIncreaseTests
{
    [TestCase(null, new double[0], 0)]
    [TestCase(5.0, new double[0], 0)]
    [TestCase(null, new[] { 7.0 }, 7, Description = "appeared inside the window")]
    [TestCase(5.0, new[] { 7.0 }, 2)]
    [TestCase(5.0, new[] { 5.0, 5.0 }, 0)]
    [TestCase(5.0, new[] { 9.0, 3.0, 4.0 }, 8, Description = "4, then restarted: 3 and 1")]
    [TestCase(9.0, new[] { 0.0, 0.0, 2.0 }, 2)]
    [TestCase(1.0, new[] { double.NaN, 2.0, double.PositiveInfinity, -4.0, 3.0 }, 2)]
    public void Rises_are_summed_and_a_fall_starts_again_at_zero(double? baseValue, double[] values, double expected) =>
        Assert.That(CounterIncrease.Of(baseValue, values), Is.EqualTo(expected));

    [Test]
    public void Any_interleaving_of_scrapes_and_restarts_gives_the_true_increase_when_nothing_is_lost_before_a_restart() =>
        Properties.ForAll(Histories(), history =>
        {
            var (counted, scrapes) = Run(history, nothingIsLost: true);
            return CounterIncrease.Of(0, scrapes) == counted;
        });

    [Test]
    public void Whatever_is_lost_between_scrapes_the_increase_is_never_negative_and_never_too_much() =>
        Properties.ForAll(Histories(), history =>
        {
            var (counted, scrapes) = Run(history, nothingIsLost: false);
            return CounterIncrease.Of(0, scrapes) is >= 0 and var increase && increase <= counted;
        });

    [Test]
    public void Splitting_a_window_anywhere_adds_up() =>
        Properties.ForAll(
            from values in Gen.Choose(0, 50).Select(v => (double)v).ListOf()
            from cut in Gen.Choose(0, values.Count)
            from known in Gen.Elements<double?>(null, 0, 10)
            select (values, cut, known),
            x =>
            {
                var (head, tail) = (x.values.Take(x.cut).ToList(), x.values.Skip(x.cut));
                var between = head.Count > 0 ? head[^1] : x.known;
                return CounterIncrease.Of(x.known, head) + CounterIncrease.Of(between, tail) == CounterIncrease.Of(x.known, x.values);
            });

    /// <summary>Positive: counts so many; 0: a scrape; -1: a restart.</summary>
    private static Gen<List<int>> Histories() => Gen.Choose(-1, 6).ListOf().Select(l => l.ToList());

    /// <param name="history">What happens.</param>
    /// <param name="nothingIsLost">
    /// Scrapes just before each restart and at the end, and before a restarted counter overtakes what was last scraped: from then on
    /// nobody could see the restart. The first scrape after a restart may well show more than zero.
    /// </param>
    private static (double Counted, List<double> Scrapes) Run(List<int> history, bool nothingIsLost)
    {
        double counted = 0, value = 0;
        var restarted = false;
        var scrapes = new List<double>();
        foreach (var operation in history)
        {
            switch (operation)
            {
                case > 0:
                    if (nothingIsLost && restarted && value + operation >= scrapes[^1])
                    {
                        Scrape();
                    }

                    counted += operation;
                    value += operation;
                    break;
                case 0:
                    Scrape();
                    break;
                default:
                    if (nothingIsLost)
                    {
                        Scrape();
                    }

                    value = 0;
                    restarted = true;
                    break;
            }
        }

        if (nothingIsLost)
        {
            Scrape();
        }

        return (counted, scrapes);

        void Scrape()
        {
            scrapes.Add(value);
            restarted = false;
        }
    }
}
