using System.Globalization;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Judgement.Queries;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>One metric of one policy, read: how it is measured and what its verdict does.</summary>
internal sealed record MetricPlan
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);
    private const long DefaultMinSamples = 50;
    private const double DefaultConfidence = 0.99;
    private const double DefaultProvenConfidence = 0.95;

    public required string Policy { get; init; }

    public required string Metric { get; init; }

    /// <summary>Where the metric stands in its policy, for example <c>spec.metrics[1]</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>The Prometheus to ask; null when <see cref="Problem"/> says why.</summary>
    public PrometheusServer? Server { get; init; }

    /// <summary>Between looks, at least a second.</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    public BuiltinMetric? Builtin { get; init; }

    public string? Query { get; init; }

    /// <summary>What a comparison counts; null for a metric with bounds.</summary>
    public ComparedEvents? Events { get; init; }

    /// <summary>What is to be shown against stable; null for a metric with bounds.</summary>
    public ComparisonBounds? Comparison { get; init; }

    public string? Reduce { get; init; }

    public Bound Bound { get; init; }

    /// <summary>Failed looks that are forgiven.</summary>
    public int FailureLimit { get; init; }

    /// <summary>Requests below which nothing is concluded, where requests are counted.</summary>
    public long MinSamples { get; init; } = DefaultMinSamples;

    public FailureAction OnFail { get; init; }

    public UnknownBudget OnNoData { get; init; } = UnknownBudget.Default;

    public UnknownBudget OnError { get; init; } = UnknownBudget.Default;

    public bool DryRun { get; init; }

    /// <summary>Why it cannot be measured at all; such a metric is an <see cref="Outcome.Error"/> at every look.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether its verdict decides anything.</summary>
    public bool Counts => !DryRun && OnFail != FailureAction.Alert;

    public ValueUnit Unit => Events is not null ? ValueUnit.Share : Builtin?.Unit ?? ValueUnit.Number;

    public string Noun => Builtin?.Noun ?? "value";

    /// <summary>What its value is held against, for status.</summary>
    public string Threshold => Comparison is { } bounds
        ? string.Create(CultureInfo.InvariantCulture, $"<= {bounds.MaxRatio} times stable's")
        : Bound.Describe(Unit);

    /// <summary>How sentences name it.</summary>
    public string Title => $"{Metric} of policy {Policy}";

    /// <summary>The router's counters that it is made of; none for a query of the user's own.</summary>
    public IReadOnlyList<string> Counters => Events is ComparedEvents.OfRouter events ? events.Counters
        : Builtin is not null ? RouterCounters.CountersOf(Builtin)
        : [];

    /// <summary>Whether a status is this metric's.</summary>
    public bool Owns(AnalysisStatus status) => status.Policy == Policy && status.Metric == Metric;

    /// <summary>Reads every metric of every policy, in their order.</summary>
    /// <param name="policies">The snapshots. One that never passed validation gives metrics with a <see cref="Problem"/>, not an exception.</param>
    /// <param name="namespaceName">Where the policies, and the Secrets they name, are.</param>
    /// <param name="defaultAddress">The operator's Prometheus, for policies that name none.</param>
    public static IReadOnlyList<MetricPlan> Read(IEnumerable<PolicySnapshot> policies, string namespaceName, Uri? defaultAddress)
    {
        var plans = policies.SelectMany(p => p.Spec.Metrics.Select((m, i) => Read(p, m, $"spec.metrics[{i}]", namespaceName, defaultAddress))).ToList();
        var sharing = Math.Max(1, plans.Count(plan => plan is { Counts: true, Comparison: not null }));
        return [.. plans.Select(plan => plan.Comparison is null ? plan : plan with { Comparison = plan.Comparison with { Sharing = sharing } })];
    }

    private static MetricPlan Read(PolicySnapshot policy, PolicyMetric metric, string path, string namespaceName, Uri? defaultAddress)
    {
        var spec = policy.Spec;
        var problem = PolicyValidation.PolicyProblems(spec).Concat(PolicyValidation.MetricProblems(metric, path)).FirstOrDefault()?.ToString();
        var address = spec.Prometheus is not { } source ? defaultAddress
            : PrometheusAddress.TryParse(source.Address, out var own, out _) ? own
            : null;
        if (problem is null && address is null)
        {
            problem = "there is no Prometheus to ask: give spec.prometheus.address, or the operator a default address";
        }

        var timeout = Duration.TryParse(spec.Prometheus?.Timeout, out var t) && t > TimeSpan.Zero ? t : DefaultTimeout;
        var interval = Duration.TryParse(spec.Interval, out var i) ? i : DefaultInterval;
        return new MetricPlan
        {
            Policy = policy.Name,
            Metric = metric.Name,
            Path = path,
            Server = address is null ? null : new PrometheusServer(
                address,
                timeout < LongestTimeout ? timeout : LongestTimeout,
                spec.Prometheus?.SecretRef is { } secret ? new SecretName(namespaceName, secret.Name) : null),
            Interval = interval > ShortestInterval ? interval : ShortestInterval,
            Builtin = metric.Builtin is null ? null : BuiltinMetric.Find(metric.Builtin),
            Query = metric.Query,
            Reduce = metric.Reduce,
            Bound = new Bound(metric.Min, metric.Max),
            Events = metric.Compare is null ? null : ComparedEvents.From(metric.Compare),
            Comparison = metric.Compare is not { } compare ? null : new ComparisonBounds(
                compare.MaxRatio ?? 1, compare.Confidence ?? DefaultConfidence, compare.ProvenBelow, compare.ProvenConfidence ?? DefaultProvenConfidence),
            FailureLimit = metric.FailureLimit ?? 0,
            MinSamples = metric.MinSamples ?? DefaultMinSamples,
            OnFail = Enum.TryParse<FailureAction>(metric.OnFail, out var onFail) ? onFail : FailureAction.Rollback,
            OnNoData = UnknownBudget.From(spec.OnNoData),
            OnError = UnknownBudget.From(spec.OnError),
            DryRun = spec.DryRun ?? false,
            Problem = problem,
        };
    }
}
