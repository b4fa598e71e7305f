namespace ModelOperator.Controller.Rollouts;

/// <summary>Shares of two revisions, bounded by what their ready pods can carry.</summary>
internal static class TrafficSplit
{
    /// <summary>
    /// The second revision's percent of the requests, the first gets the rest. A share stays within ready/replicas, rounded up
    /// to a whole percent; when the two together cannot carry everything they share it in proportion to their ready pods. A
    /// revision without a ready pod gets nothing unless neither has one: then what was wanted stands.
    /// </summary>
    /// <param name="wanted">The second revision's percent if capacity were no question.</param>
    /// <param name="replicas">Pods that carry all the requests.</param>
    /// <param name="firstReady">Ready pods of the first revision.</param>
    /// <param name="secondReady">Ready pods of the second revision.</param>
    public static int Bound(int wanted, int replicas, int firstReady, int secondReady)
    {
        switch (firstReady, secondReady)
        {
            case (0, 0):
                return wanted;
            case (0, _):
                return 100;
            case (_, 0):
                return 0;
            default:
                var first = Capacity(firstReady, replicas);
                var second = Capacity(secondReady, replicas);
                return first + second < 100
                    ? Math.Clamp((int)Math.Round(100.0 * secondReady / (firstReady + secondReady)), 1, 99)
                    : Math.Clamp(wanted, 100 - first, second);
        }
    }

    /// <summary>The percent of the requests that ready pods can carry, rounded up.</summary>
    public static int Capacity(int ready, int replicas) =>
        replicas <= 0 ? 100 : (int)Math.Min(100, ((100L * ready) + replicas - 1) / replicas);

    /// <summary>Pods that a share needs: at least one, also for a share of nothing.</summary>
    public static int PodsFor(int weight, int replicas) =>
        replicas == 0 ? 0 : Math.Max(1, (int)(((long)replicas * weight + 99) / 100));
}
