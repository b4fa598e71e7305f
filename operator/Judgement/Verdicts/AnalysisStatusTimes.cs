using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>The times in a status, as instants: what was read from an object may have lost its kind on the way, but it is UTC.</summary>
internal static class AnalysisStatusTimes
{
    public static DateTimeOffset? LookedAt(this AnalysisStatus status) => Instant(status.At);

    public static DateTimeOffset? UnknownFrom(this AnalysisStatus status) => Instant(status.UnknownSince);

    private static DateTimeOffset? Instant(DateTime? time) => time switch
    {
        null => null,
        { Kind: DateTimeKind.Unspecified } t => new DateTimeOffset(t, TimeSpan.Zero),
        { } t => new DateTimeOffset(t.ToUniversalTime()),
    };
}
