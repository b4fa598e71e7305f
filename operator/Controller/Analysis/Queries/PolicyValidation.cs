using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Analysis.Queries;

/// <summary>Finds what a schema cannot: policies that could never judge.</summary>
internal static class PolicyValidation
{
    private static readonly string[] FailureActions = ["Rollback", "Pause", "Alert"];
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
        if (metric.Builtin is null == metric.Query is null)
        {
            yield return new(path, "give either builtin or query");
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

        if (metric.Min is null && metric.Max is null)
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
