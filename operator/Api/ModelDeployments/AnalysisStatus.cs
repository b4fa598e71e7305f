namespace ModelOperator.Api.ModelDeployments;

/// <summary>The latest judgement by one metric.</summary>
public sealed class AnalysisStatus
{
    /// <summary>The RollbackPolicy's name.</summary>
    public string? Policy { get; set; }

    /// <summary>The metric's name in the policy.</summary>
    public string? Metric { get; set; }

    /// <summary>Pass, Fail, Inconclusive, NoData or Error.</summary>
    public string? Verdict { get; set; }

    /// <summary>The candidate's value, as text (a status holds no floating-point numbers).</summary>
    public string? Value { get; set; }

    /// <summary>Stable's value for comparison.</summary>
    public string? Baseline { get; set; }

    /// <summary>The bound it was held against.</summary>
    public string? Threshold { get; set; }

    /// <summary>Requests behind the value.</summary>
    public long? Samples { get; set; }

    /// <summary>Looks that failed since the step began.</summary>
    public int? Failures { get; set; }

    /// <summary>Why it is not Pass, in words.</summary>
    public string? Message { get; set; }

    /// <summary>When it was judged.</summary>
    public DateTime? At { get; set; }

    /// <summary>Since when, without a break, it has been NoData or Error.</summary>
    public DateTime? UnknownSince { get; set; }

    /// <summary>How many times stable's bad rate the candidate's is, by the counts so far; for comparisons.</summary>
    public string? Ratio { get; set; }

    /// <summary>The evidence that the candidate is worse, as an e-value, of what it takes: <c>3.1 of 100</c>.</summary>
    public string? Evidence { get; set; }

    /// <summary>The evidence for promotion in this step, as an e-value, of what it takes: <c>12 of 20</c>.</summary>
    public string? Proof { get; set; }

    /// <summary>Whether <see cref="Proof"/> has reached what it takes; absent where nothing can be proven.</summary>
    public bool? Proven { get; set; }

    /// <summary>How much more the bad events scatter than independent ones would (1: not more); evidence is tempered by it.</summary>
    public string? Dispersion { get; set; }

    /// <summary>What the comparison remembers between looks.</summary>
    public SequentialState? Sequential { get; set; }
}
