namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>The answers that a candidate gave of the requests at one weight, and how many there may be.</summary>
/// <param name="Weight">In percent.</param>
/// <param name="Requests">All.</param>
/// <param name="Answers">Those that the candidate answered.</param>
/// <param name="Slow">Those that stable answered so late that it may have stood in for the candidate.</param>
/// <param name="Least">The fewest that chance explains.</param>
/// <param name="Most">The most.</param>
/// <param name="Sure">Those requests whose weight did not change while they were under way.</param>
/// <param name="SureAnswers">How many of these the candidate answered.</param>
internal sealed record Share(int Weight, int Requests, int Answers, int Slow, int Least, int Most, int Sure, int SureAnswers)
{
    public bool IsRight => Answers <= Most && Answers + Slow >= Least;

    /// <summary>
    /// Counts. A request whose weight changed while it was under way counts with the lowest weight for the lower bound and with the
    /// highest for the upper one; requests are grouped by what was known before anybody chose, so that slow answers shift nothing.
    /// A sum of unequal chances is no more spread than the binomial of their mean (Hoeffding, 1956).
    /// </summary>
    public static Share Of(int weight, IReadOnlyList<Ask> asks, string candidate, TimeSpan candidateTimeout, double confidence)
    {
        var tail = (1 - confidence) / 2;
        return new Share(
            weight,
            asks.Count,
            asks.Count(ask => ask.Revision == candidate),
            asks.Count(ask => ask.Revision != candidate && ask.Took >= candidateTimeout),
            BinomialQuantile.Of(asks.Count, asks.Average(ask => ask.Weights.Least) / 100, tail),
            BinomialQuantile.Of(asks.Count, asks.Average(ask => ask.Weights.Most) / 100, 1 - tail),
            asks.Count(ask => ask.Weights.IsSure),
            asks.Count(ask => ask.Weights.IsSure && ask.Revision == candidate));
    }
}
