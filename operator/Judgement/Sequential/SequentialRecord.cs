using System.Collections.Immutable;
using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Judgement.Sequential;

/// <summary>Reads a comparison's sums from a status and writes them there.</summary>
internal static class SequentialRecord
{
    /// <summary>The sums; null when the status holds none, or ones over other grids than today's.</summary>
    public static SequentialSums? Read(SequentialState? state)
    {
        if (state is null
            || ReadEvidence(state.HarmOfEvents, state.HarmOfBursts, RatioGrid.Above) is not { } harm
            || ReadEvidence(state.ProofOfEvents, state.ProofOfBursts, RatioGrid.Below) is not { } proof)
        {
            return null;
        }

        return new SequentialSums
        {
            Looks = state.Looks ?? 0,
            Candidate = new BadCount(state.CandidateBad ?? 0, state.CandidateTotal ?? 0),
            Stable = new BadCount(state.StableBad ?? 0, state.StableTotal ?? 0),
            Harm = harm,
            Proof = proof,
            IsHarmful = state.Harmful ?? false,
            IsProven = state.Proven ?? false,
            Dispersion = new Dispersion
            {
                IntervalChiSquare = state.IntervalChiSquare ?? 0,
                IntervalDifferences = state.IntervalDifferences ?? 0,
                PodChiSquare = state.PodChiSquare ?? 0,
                PodDegrees = state.PodDegrees ?? 0,
                Latest = new BadCount(state.LatestStableBad ?? 0, state.LatestStableTotal ?? 0),
                Intervals = state.StableIntervals ?? 0,
                Bad = state.StableBadSeen ?? 0,
                RateOfLate = state.StableRateOfLate ?? 0,
            },
        };
    }

    /// <summary>The sums as a status holds them.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="of">What is compared; see <see cref="SequentialState.Of"/>.</param>
    /// <param name="countedTo">How far the counts go.</param>
    /// <param name="stepStartedAt">The step that the evidence for promotion is of.</param>
    public static SequentialState Write(SequentialSums sums, string of, DateTimeOffset countedTo, DateTimeOffset stepStartedAt) => new()
    {
        Of = of,
        CountedTo = countedTo.UtcDateTime,
        StepStartedAt = stepStartedAt.UtcDateTime,
        Looks = sums.Looks,
        CandidateBad = sums.Candidate.Bad,
        CandidateTotal = sums.Candidate.Total,
        StableBad = sums.Stable.Bad,
        StableTotal = sums.Stable.Total,
        HarmOfEvents = [.. sums.Harm.Events],
        HarmOfBursts = [.. sums.Harm.Bursts],
        ProofOfEvents = [.. sums.Proof.Events],
        ProofOfBursts = [.. sums.Proof.Bursts],
        Harmful = sums.IsHarmful ? true : null,
        Proven = sums.IsProven ? true : null,
        IntervalChiSquare = sums.Dispersion.IntervalChiSquare,
        IntervalDifferences = sums.Dispersion.IntervalDifferences,
        PodChiSquare = sums.Dispersion.PodChiSquare,
        PodDegrees = sums.Dispersion.PodDegrees,
        LatestStableBad = sums.Dispersion.Latest.Bad,
        LatestStableTotal = sums.Dispersion.Latest.Total,
        StableIntervals = sums.Dispersion.Intervals,
        StableBadSeen = sums.Dispersion.Bad,
        StableRateOfLate = sums.Dispersion.RateOfLate,
    };

    private static Evidence? ReadEvidence(IList<long>? events, IList<long>? bursts, ImmutableArray<double> grid) =>
        events?.Count == grid.Length && bursts?.Count == grid.Length ? new Evidence([.. events], [.. bursts]) : null;
}
