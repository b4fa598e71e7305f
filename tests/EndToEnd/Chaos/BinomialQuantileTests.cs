namespace ModelOperator.EndToEnd.Tests.Chaos;

internal sealed class BinomialQuantileTests
{
    // Of 20 at 0.1, at most 4 have a probability of 0.957 and at most 5 one of 0.989.
    [TestCase(20, 0.1, 0.975, ExpectedResult = 5)]
    [TestCase(20, 0.1, 0.025, ExpectedResult = 0)]
    [TestCase(100, 0.5, 0.5, ExpectedResult = 50)]
    [TestCase(10, 0.0, 0.9995, ExpectedResult = 0)]
    [TestCase(10, 1.0, 0.0005, ExpectedResult = 10)]
    public int The_quantile_is_the_smallest_count_that_is_likely_enough(int trials, double chance, double probability) =>
        BinomialQuantile.Of(trials, chance, probability);

    [Test]
    public void Many_trials_are_no_matter()
    {
        // The normal approximation: mean 45,000, standard deviation 106.07, 3.2905 of them.
        Assert.That(BinomialQuantile.Of(60_000, 0.75, 0.9995), Is.EqualTo(45_349).Within(2));
        Assert.That(BinomialQuantile.Of(60_000, 0.75, 0.0005), Is.EqualTo(44_651).Within(2));
    }
}
