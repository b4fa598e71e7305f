namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>
/// What is known of the weight that a request was split by. Weights change while requests are under way, so it is a range: from
/// the version of the route that its router was known to serve when it was sent, to the last one that anybody had begun to
/// write when it ended.
/// </summary>
/// <param name="AtFirst">The weight of the version that was known to be served, in percent.</param>
/// <param name="Least">The lowest in the range.</param>
/// <param name="Most">The highest in the range.</param>
internal readonly record struct PossibleWeights(int AtFirst, int Least, int Most)
{
    public bool IsSure => Least == Most;
}
