using System.Numerics;

namespace ModelOperator.Router.Splitting;

/// <summary>
/// The order in which arms take turns. One period of the schedule gives every arm exactly its weight, and at every
/// moment no arm is a whole request away from its share.
/// </summary>
/// <remarks>
/// The j-th turn of an arm with weight w out of W may come no earlier than (j-1)W/w and no later than jW/w; taking the
/// arm with the earliest end among those that may start keeps all of these windows, and the windows keep the number of
/// turns within one of the share after every request: Tijdeman, "The chairman assignment problem", Discrete
/// Mathematics 32 (1980); Baruah et al., "Proportionate progress", Algorithmica 15 (1996). Any run of requests, wherever
/// it starts, is therefore within two of the share.
/// </remarks>
internal static class SplitSchedule
{
    /// <summary>Makes one period.</summary>
    /// <param name="weights">At most 256 weights, none negative, not all zero.</param>
    /// <returns>Indexes of arms, as many as the weights' sum divided by their greatest common divisor.</returns>
    public static byte[] Create(ReadOnlySpan<int> weights)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weights.Length, byte.MaxValue + 1, nameof(weights));
        var divisor = 0;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            divisor = (int)BigInteger.GreatestCommonDivisor(divisor, weight);
        }
        ArgumentOutOfRangeException.ThrowIfZero(divisor, nameof(weights));

        Span<int> shares = stackalloc int[weights.Length];
        var period = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            shares[i] = weights[i] / divisor;
            period += shares[i];
        }

        var schedule = new byte[period];
        Span<int> turns = stackalloc int[weights.Length];
        turns.Clear();
        for (var slot = 0; slot < period; slot++)
        {
            var next = EarliestDeadline(shares, turns, period, slot);
            schedule[slot] = (byte)next;
            turns[next]++;
        }
        return schedule;
    }

    private static int EarliestDeadline(ReadOnlySpan<int> shares, ReadOnlySpan<int> turns, long period, int slot)
    {
        var chosen = -1;
        var earliest = long.MaxValue;
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0 || turns[i] * period / shares[i] > slot)
            {
                continue;
            }
            var deadline = ((turns[i] + 1) * period + shares[i] - 1) / shares[i];
            if (deadline < earliest)
            {
                (chosen, earliest) = (i, deadline);
            }
        }
        return chosen;
    }
}
