using System.Collections.Immutable;

namespace ModelOperator.Router.Balancing;

/// <summary>
/// Takes two endpoints at random and of these the one with fewer requests in flight: close to the best choice
/// without looking at all of them, and without the herd that follows "least loaded" between routers
/// (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12, 2001).
/// </summary>
internal static class PowerOfTwoChoices
{
    /// <summary>Chooses an endpoint.</summary>
    /// <param name="endpoints">The ready ones.</param>
    /// <param name="avoided">One that just failed: taken only when it is the only one.</param>
    /// <param name="random">Source of chance.</param>
    /// <returns>Null when there is none.</returns>
    public static PodEndpoint? Choose(ImmutableArray<PodEndpoint> endpoints, PodEndpoint? avoided, Random random)
    {
        var without = avoided is null ? -1 : endpoints.IndexOf(avoided);
        var count = endpoints.Length - (without < 0 ? 0 : 1);
        switch (count)
        {
            case 0:
                return without < 0 ? null : avoided;
            case 1:
                return At(0);
        }

        var first = random.Next(count);
        var second = random.Next(count - 1);
        if (second >= first)
        {
            second++;
        }
        var (one, other) = (At(first), At(second));
        return other.InFlight < one.InFlight ? other : one;

        PodEndpoint At(int index) => endpoints[without >= 0 && index >= without ? index + 1 : index];
    }
}
