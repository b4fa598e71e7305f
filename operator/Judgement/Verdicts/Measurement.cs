using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>What a look found.</summary>
internal abstract record Measurement
{
    private Measurement()
    {
    }

    /// <summary>A number, which may still be NaN or infinite.</summary>
    /// <param name="Value">The candidate's.</param>
    /// <param name="Samples">Requests behind it; null when the metric counts none.</param>
    /// <param name="Baseline">Stable's; null when it cannot be told.</param>
    public sealed record Measured(double Value, long? Samples = null, double? Baseline = null) : Measurement
    {
        /// <summary>Whether more time would not bring more samples.</summary>
        public bool IsOfLongestWindow { get; init; }
    }

    /// <summary>The counts of a comparison, all that there are so far.</summary>
    /// <param name="Sums">What they come to.</param>
    /// <param name="State">The same for the next look; null when nothing was ever counted.</param>
    public sealed record Compared(SequentialSums Sums, SequentialState? State) : Measurement;

    /// <summary>Nothing.</summary>
    public sealed record Missing(string Why) : Measurement;

    /// <summary>No answer.</summary>
    public sealed record Failed(string Why) : Measurement;
}
