namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>Exact quantiles of the binomial distribution, by summing its probabilities in logarithms.</summary>
internal static class BinomialQuantile
{
    /// <summary>The smallest count that is reached or stayed below with at least the given probability.</summary>
    /// <param name="trials">How many.</param>
    /// <param name="chance">Of each.</param>
    /// <param name="probability">Between 0 and 1.</param>
    public static int Of(int trials, double chance, double probability)
    {
        if (chance <= 0)
        {
            return 0;
        }

        if (chance >= 1)
        {
            return trials;
        }

        var sum = 0.0;
        var log = trials * Math.Log(1 - chance);
        var odds = Math.Log(chance) - Math.Log(1 - chance);
        for (var count = 0; count < trials; count++)
        {
            sum += Math.Exp(log);
            if (sum >= probability)
            {
                return count;
            }

            log += Math.Log(trials - count) - Math.Log(count + 1) + odds;
        }

        return trials;
    }
}
