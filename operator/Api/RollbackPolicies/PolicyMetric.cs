using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>One metric and its bounds.</summary>
[ValidationRule("[has(self.builtin), has(self.query), has(self.compare)].filter(given, given).size() == 1", "give one of builtin, query and compare")]
[ValidationRule("has(self.compare) || has(self.max) || has(self.min)", "give min, max or both: a metric without a bound judges nothing")]
[ValidationRule("!has(self.compare) || (!has(self.max) && !has(self.min))", "compare has its own bounds: leave min and max out")]
[ValidationRule("!has(self.min) || !has(self.max) || self.min <= self.max", "min is above max: no value could pass", FieldPath = ".min")]
[ValidationRule("!has(self.reduce) || has(self.query)", "reduce joins the series of a query: leave it out", FieldPath = ".reduce")]
[ValidationRule("!has(self.query) || self.query.matches(r'" + QueryVariables.Pattern + "')", QueryVariables.Message, FieldPath = ".query")]
[ValidationRule(
    "!has(self.compare) || !has(self.compare.bad) || self.compare.bad.matches(r'" + QueryVariables.Pattern + "')", QueryVariables.Message, FieldPath = ".compare.bad")]
[ValidationRule(
    "!has(self.compare) || !has(self.compare.total) || self.compare.total.matches(r'" + QueryVariables.Pattern + "')", QueryVariables.Message, FieldPath = ".compare.total")]
public sealed class PolicyMetric
{
    /// <summary>Its name in status and events.</summary>
    [Required]
    [Length(1, 63)]
    [Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Name { get; set; } = "";

    /// <summary>
    /// A metric that the operator knows, measured by the router on the candidate's requests. <c>saturation</c> is the mean number of requests in
    /// flight for each of its ready pods.
    /// </summary>
    [EnumValues("errorRate", "latencyP50", "latencyP95", "latencyP99", "disagreement", "saturation")]
    public string? Builtin { get; set; }

    /// <summary>Any PromQL that gives one series; <c>{{namespace}} {{name}} {{revision}} {{stableRevision}} {{window}}</c> are filled in.</summary>
    [Length(1, 8192)]
    public string? Query { get; set; }

    /// <summary>The candidate held against stable.</summary>
    public MetricComparison? Compare { get; set; }

    /// <summary>Joins several series into one value; absent: several series are an error.</summary>
    [EnumValues("sum", "max", "min", "avg")]
    public string? Reduce { get; set; }

    /// <summary>The least value that passes.</summary>
    public double? Min { get; set; }

    /// <summary>The greatest value that passes. Rates are shares of 1, latencies seconds.</summary>
    public double? Max { get; set; }

    /// <summary>The verdict fails for good when more looks than this have failed since the step began.</summary>
    [DefaultValue(0)]
    [RangeMinimum(0)]
    [RangeMaximum(1000)]
    public int? FailureLimit { get; set; }

    /// <summary>Requests of the candidate below which nothing is concluded; for builtin metrics and comparisons.</summary>
    [DefaultValue(50)]
    [RangeMinimum(1)]
    [RangeMaximum(1000000000)]
    public long? MinSamples { get; set; }

    /// <summary>What a failure leads to.</summary>
    [DefaultValue("Rollback")]
    [EnumValues("Rollback", "Pause", "Alert")]
    public string? OnFail { get; set; }
}
