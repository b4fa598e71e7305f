namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>How far a counter rose, from its samples.</summary>
/// <remarks>
/// PromQL's <c>increase()</c> is not used: it extrapolates, and it takes a series' first sample as where it started, so
/// everything that a new pod counted before its first scrape is lost. A candidate's pods are all new.
/// </remarks>
internal static class CounterIncrease
{
    /// <summary>
    /// The sum of the rises between neighbours. A fall is a restart: the process began again at zero, so the whole new value
    /// counts. A series without a base began inside the window, at zero.
    /// </summary>
    /// <param name="baseValue">The last value at or before the window's start; null when the series did not exist then.</param>
    /// <param name="values">The values inside the window, oldest first. Counters hold no negative or non-finite values; such are skipped.</param>
    /// <returns>
    /// Never negative, and never more than what was counted: only what a process counts between its last scrape and its end,
    /// and a restart that overtakes the old value before its first scrape, stay unseen.
    /// </returns>
    public static double Of(double? baseValue, IEnumerable<double> values)
    {
        var previous = baseValue ?? 0;
        var increase = 0.0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value) || value < 0)
            {
                continue;
            }

            increase += value >= previous ? value - previous : value;
            previous = value;
        }

        return increase;
    }
}
