using System.Collections.Immutable;

namespace ModelOperator.Router.Balancing;

/// <summary>
/// Takes two endpoints at random and of these the one with fewer requests in flight: close to the best choice
/// without looking at all of them, and without the herd that follows "least loaded" between routers
/// (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12, 2001). Ejected endpoints are
/// passed over, unless most are: then it is not the pods that are at fault, and the rest would not bear it.
/// </summary>
internal static class PowerOfTwoChoices
{
    /// <summary>Chooses an endpoint.</summary>
    /// <param name="endpoints">The ready ones.</param>
    /// <param name="avoided">One that just failed: taken only when it is the only one.</param>
    /// <param name="now">The time that ejections are told by.</param>
    /// <param name="random">Source of chance.</param>
    /// <returns>Null when there is none.</returns>
    public static PodEndpoint? Choose(ImmutableArray<PodEndpoint> endpoints, PodEndpoint? avoided, TimeSpan now, Random random)
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
        var better = other.InFlight < one.InFlight ? other : one;
        return IsAdmitted(better, now, random) || MostAreEjected(endpoints, now)
            ? better
            : FirstAdmitted(random.Next(count)) ?? better;

        PodEndpoint At(int index) => endpoints[without >= 0 && index >= without ? index + 1 : index];

        // One on its way back loses against one that is well, but is taken before one that is ejected.
        PodEndpoint? FirstAdmitted(int start)
        {
            PodEndpoint? returning = null;
            for (var i = 0; i < count; i++)
            {
                var endpoint = At((start + i) % count);
                var share = endpoint.Share(now);
                if (share >= 1)
                {
                    return endpoint;
                }
                returning ??= share > 0 ? endpoint : null;
            }
            return returning;
        }
    }

    private static bool IsAdmitted(PodEndpoint endpoint, TimeSpan now, Random random) =>
        endpoint.Share(now) is var share && (share >= 1 || (share > 0 && random.NextDouble() < share));

    private static bool MostAreEjected(ImmutableArray<PodEndpoint> endpoints, TimeSpan now)
    {
        var ejected = 0;
        foreach (var endpoint in endpoints)
        {
            ejected += endpoint.Share(now) == 0 ? 1 : 0;
        }
        return 2 * ejected > endpoints.Length;
    }
}
