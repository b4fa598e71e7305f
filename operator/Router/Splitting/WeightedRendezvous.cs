using System.Numerics;

namespace ModelOperator.Router.Splitting;

/// <summary>
/// Assigns callers to arms in proportion to the arms' weights, by the caller's key alone: every router answers alike, and
/// also after a restart. When weights change, a caller only ever moves to an arm whose weight grew against that of the
/// arm it leaves (weighted rendezvous hashing: Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA
/// 2005).
/// </summary>
internal static class WeightedRendezvous
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>The key of a text, the same in every process.</summary>
    /// <param name="text">What tells callers apart.</param>
    /// <param name="seed">Another seed gives another, independent key.</param>
    public static ulong KeyOf(ReadOnlySpan<char> text, ulong seed = 0)
    {
        var hash = FnvOffset ^ seed;
        foreach (var c in text)
        {
            hash = (hash ^ c) * FnvPrime;
        }
        return Mix(hash);
    }

    /// <summary>The arm of a caller.</summary>
    /// <param name="caller">The caller's key.</param>
    /// <param name="arms">The arms' keys.</param>
    /// <param name="weights">Their weights; at least one is positive, and an arm without weight gets nobody.</param>
    /// <returns>The arm's index.</returns>
    public static int Choose(ulong caller, ReadOnlySpan<ulong> arms, ReadOnlySpan<int> weights)
    {
        var chosen = -1;
        var least = double.PositiveInfinity;
        for (var i = 0; i < arms.Length; i++)
        {
            if (weights[i] <= 0)
            {
                continue;
            }
            // Of exponential variables with these rates, arm i has the smallest with probability weight i / sum.
            var distance = -Math.Log(UnitOf(Mix(caller ^ BitOperations.RotateLeft(arms[i], 32)))) / weights[i];
            if (distance < least)
            {
                (chosen, least) = (i, distance);
            }
        }
        return chosen;
    }

    // Strictly between 0 and 1: the logarithm is finite and not zero.
    private static double UnitOf(ulong hash) => ((hash >> 11) + 0.5) / (1UL << 53);

    // The finalizer of SplitMix64: every bit of the result depends on every bit of the hash.
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
