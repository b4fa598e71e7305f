using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>
/// Judges the candidate's share of bad events against stable's by a sequential test, which may be looked at after every scrape without
/// rolling back more innocent candidates for it, and which an incident that hits both does not move.
/// </summary>
[ValidationRule("has(self.builtin) ? !has(self.bad) && !has(self.total) : has(self.bad) && has(self.total)", "give either builtin, or bad and total")]
[ValidationRule(
    "(has(self.builtin) && self.builtin == 'slow') == has(self.slowerThan)", "give slowerThan with builtin slow, and only with it", FieldPath = ".slowerThan")]
[ValidationRule(SlowerThanRule, SlowerThanMessage, FieldPath = ".slowerThan")]
[ValidationRule("has(self.provenBelow) || !has(self.provenConfidence)", "provenConfidence is the confidence of provenBelow: give both", FieldPath = ".provenConfidence")]
public sealed class MetricComparison
{
    /// <summary>The bounds of the router's latency histogram, as durations.</summary>
    public const string SlowerThanBounds =
        "250us, 500us, 750us, 1ms, 1.5ms, 2ms, 3ms, 5ms, 7.5ms, 10ms, 15ms, 25ms, 50ms, 75ms, "
        + "100ms, 150ms, 250ms, 400ms, 500ms, 750ms, 1s, 1.5s, 2.5s, 5s, 10s, 30s, 60s";

    private const string SlowerThanRule =
        "!has(self.slowerThan) || duration(self.slowerThan) in ['250us', '500us', '750us', '1ms', '1.5ms', '2ms', '3ms', '5ms', '7.5ms', '10ms', '15ms', "
        + "'25ms', '50ms', '75ms', '100ms', '150ms', '250ms', '400ms', '500ms', '750ms', '1s', '1.5s', '2.5s', '5s', '10s', '30s', '60s'].map(b, duration(b))";

    private const string SlowerThanMessage = "requests are counted in buckets, so slowerThan must be the bound of one: " + SlowerThanBounds;

    /// <summary>
    /// What is counted: <c>errors</c> among a revision's requests, requests slower than <c>slowerThan</c>, or <c>disagreements</c> among the
    /// candidate's mirrored answers, which are held against the errors among stable's requests.
    /// </summary>
    [EnumValues("errors", "slow", "disagreements")]
    public string? Builtin { get; set; }

    /// <summary>
    /// A counter of bad events, as a selector such as <c>refusals_total{revision="{{revision}}"}</c>; it is read for the candidate and for
    /// stable, with <c>{{revision}}</c> filled in by each.
    /// </summary>
    [Length(1, 2048)]
    public string? Bad { get; set; }

    /// <summary>The counter of all events that <c>bad</c> is a part of.</summary>
    [Length(1, 2048)]
    public string? Total { get; set; }

    /// <summary>For builtin slow: the bound above which a request is slow; one of the histogram's.</summary>
    [Pattern(Conventions.Duration.Pattern)]
    [Length(2, 32)]
    public string? SlowerThan { get; set; }

    /// <summary>The metric fails when the candidate's bad rate is shown to exceed this times stable's.</summary>
    [DefaultValue(1)]
    [RangeMinimum(0.1)]
    [RangeMaximum(100)]
    public double? MaxRatio { get; set; }

    /// <summary>
    /// How sure that must be: a candidate that is no worse fails with a probability of at most 1 - confidence, over all looks of its rollout and
    /// over all comparisons that can end it together.
    /// </summary>
    [DefaultValue(0.99)]
    [RangeMinimum(0.5)]
    [RangeMaximum(0.999999)]
    public double? Confidence { get; set; }

    /// <summary>There is evidence for promotion when the candidate's bad rate is shown to be less than this times stable's.</summary>
    [RangeMinimum(0.1)]
    [RangeMaximum(100)]
    public double? ProvenBelow { get; set; }

    /// <summary>How sure that must be; default 0.95.</summary>
    [RangeMinimum(0.5)]
    [RangeMaximum(0.999999)]
    public double? ProvenConfidence { get; set; }
}
