using System.Globalization;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Judgement.Queries;

/// <summary>Finds what a schema cannot: policies that could never judge.</summary>
internal static class PolicyValidation
{
    private static readonly string[] FailureActions = ["Rollback", "Pause", "Alert"];
    private static readonly string[] ComparedBuiltins = ["errors", "slow", "disagreements"];
    private static readonly string[] UnknownActions = ["Hold", "Pause", "Rollback", "Continue"];

    /// <summary>Everything that is wrong with a policy, with the path of each field; empty when it can be used.</summary>
    public static IReadOnlyList<FieldProblem> Problems(RollbackPolicySpec spec)
    {
        var problems = new List<FieldProblem>(PolicyProblems(spec));
        for (var i = 0; i < spec.Metrics.Count; i++)
        {
            problems.AddRange(MetricProblems(spec.Metrics[i], $"spec.metrics[{i}]"));
            if (spec.Metrics.Take(i).Any(m => m.Name == spec.Metrics[i].Name))
            {
                problems.Add(new($"spec.metrics[{i}].name", $"\"{spec.Metrics[i].Name}\" is taken by an earlier metric"));
            }
        }

        return problems;
    }

    /// <summary>What is wrong with the policy's own fields, which concern each of its metrics.</summary>
    public static IEnumerable<FieldProblem> PolicyProblems(RollbackPolicySpec spec)
    {
        if (spec.Prometheus is { } prometheus)
        {
            if (!PrometheusAddress.TryParse(prometheus.Address, out _, out var problem))
            {
                yield return new("spec.prometheus.address", problem);
            }

            foreach (var p in DurationProblem(prometheus.Timeout, "spec.prometheus.timeout", mayBeZero: false))
            {
                yield return p;
            }
        }

        IEnumerable<FieldProblem> rest =
        [
            .. DurationProblem(spec.Interval, "spec.interval", mayBeZero: false),
            .. HandlingProblems(spec.OnNoData, "spec.onNoData"),
            .. HandlingProblems(spec.OnError, "spec.onError"),
        ];
        foreach (var p in rest)
        {
            yield return p;
        }
    }

    /// <summary>What is wrong with one metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="path">Its own path.</param>
    public static IEnumerable<FieldProblem> MetricProblems(PolicyMetric metric, string path)
    {
        if (new object?[] { metric.Builtin, metric.Query, metric.Compare }.Count(given => given is not null) != 1)
        {
            yield return new(path, "give one of builtin, query and compare");
        }

        if (metric.Builtin is { } builtin && BuiltinMetric.Find(builtin) is null)
        {
            yield return new($"{path}.builtin", $"there is no \"{builtin}\"; there are {string.Join(", ", BuiltinMetric.All.Select(b => b.Name))}");
        }

        if (metric.Query is { } query && QueryTemplate.Problem(query) is { } unknown)
        {
            yield return new($"{path}.query", unknown);
        }

        if (metric.Reduce is { } reduce && !SeriesReduction.Names.Contains(reduce))
        {
            yield return new($"{path}.reduce", $"\"{reduce}\" is none of {string.Join(", ", SeriesReduction.Names)}");
        }

        if (metric.Reduce is not null && metric.Query is null)
        {
            yield return new($"{path}.reduce", "reduce joins the series of a query: leave it out");
        }

        foreach (var p in metric.Compare is { } compare ? ComparisonProblems(compare, metric, path) : [])
        {
            yield return p;
        }

        if (metric.MinSamples is < 1)
        {
            yield return new($"{path}.minSamples", "must be at least 1");
        }

        if (metric.Compare is null && metric.Min is null && metric.Max is null)
        {
            yield return new(path, "give min, max or both: a metric without a bound judges nothing");
        }

        if (metric.Min > metric.Max)
        {
            yield return new($"{path}.min", $"{metric.Min} is above max {metric.Max}: no value could pass");
        }

        if (metric.OnFail is { } onFail && !FailureActions.Contains(onFail))
        {
            yield return new($"{path}.onFail", $"\"{onFail}\" is none of {string.Join(", ", FailureActions)}");
        }
    }

    private static IEnumerable<FieldProblem> ComparisonProblems(MetricComparison compare, PolicyMetric metric, string path)
    {
        var at = $"{path}.compare";
        if (metric.Min is not null || metric.Max is not null)
        {
            yield return new(path, "compare has its own bounds: leave min and max out");
        }

        if (compare.Builtin is null ? compare.Bad is null || compare.Total is null : compare.Bad is not null || compare.Total is not null)
        {
            yield return new(at, "give either builtin, or bad and total");
        }

        if (compare.Builtin is { } builtin && !ComparedBuiltins.Contains(builtin))
        {
            yield return new($"{at}.builtin", $"there is no \"{builtin}\"; there are {string.Join(", ", ComparedBuiltins)}");
        }

        foreach (var (field, template) in new[] { ("bad", compare.Bad), ("total", compare.Total) })
        {
            if (template is not null && QueryTemplate.Problem(template) is { } unknown)
            {
                yield return new($"{at}.{field}", unknown);
            }
        }

        if (compare.Builtin == "slow" != compare.SlowerThan is not null)
        {
            yield return new($"{at}.slowerThan", "give slowerThan with builtin slow, and only with it");
        }
        else if (compare.SlowerThan is { } slower
            && !(Duration.TryParse(slower, out var bound) && LatencyBuckets.Seconds.Any(s => Math.Abs(s - bound.TotalSeconds) <= s * 1e-9)))
        {
            yield return new($"{at}.slowerThan", $"requests are counted in buckets, so \"{slower}\" must be the bound of one: {MetricComparison.SlowerThanBounds}");
        }

        foreach (var (field, value, least, most) in new[]
        {
            ("maxRatio", compare.MaxRatio, 0.1, 100), ("provenBelow", compare.ProvenBelow, 0.1, 100),
            ("confidence", compare.Confidence, 0.5, 0.999999), ("provenConfidence", compare.ProvenConfidence, 0.5, 0.999999),
        })
        {
            if (value is { } number && !(number >= least && number <= most))
            {
                yield return new($"{at}.{field}", string.Create(CultureInfo.InvariantCulture, $"{number} is not between {least} and {most}"));
            }
        }

        if (compare.ProvenConfidence is not null && compare.ProvenBelow is null)
        {
            yield return new($"{at}.provenConfidence", "provenConfidence is the confidence of provenBelow: give both");
        }
    }

    private static IEnumerable<FieldProblem> HandlingProblems(UnknownHandling? handling, string path)
    {
        foreach (var (field, action) in new[] { ("action", handling?.Action), ("then", handling?.Then) })
        {
            if (action is not null && !UnknownActions.Contains(action))
            {
                yield return new($"{path}.{field}", $"\"{action}\" is none of {string.Join(", ", UnknownActions)}");
            }
        }

        foreach (var p in DurationProblem(handling?.For, $"{path}.for", mayBeZero: true))
        {
            yield return p;
        }
    }

    private static IEnumerable<FieldProblem> DurationProblem(string? text, string path, bool mayBeZero)
    {
        if (text is null)
        {
            yield break;
        }

        if (!Duration.TryParse(text, out var value))
        {
            yield return new(path, $"\"{text}\" is not a duration such as 90s, 5m or 1h30m");
        }
        else if (value == TimeSpan.Zero && !mayBeZero)
        {
            yield return new(path, "must be more than zero");
        }
    }
}
