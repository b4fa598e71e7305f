namespace ModelOperator.DevCluster.ApiServer.Selectors;

/// <summary>One condition of a label selector.</summary>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyCollection<string> Values)
{
    public bool Matches(string? value) => Operator switch
    {
        LabelOperator.In => value is not null && Values.Contains(value),
        LabelOperator.NotIn => value is null || !Values.Contains(value),
        LabelOperator.Exists => value is not null,
        LabelOperator.GreaterThan => long.TryParse(value, out var number) && number > long.Parse(Values.First()),
        LabelOperator.LessThan => long.TryParse(value, out var number) && number < long.Parse(Values.First()),
        _ => value is null,
    };

    public override string ToString() => Operator switch
    {
        LabelOperator.In when Values.Count == 1 => $"{Key}={Values.First()}",
        LabelOperator.In => $"{Key} in ({string.Join(",", Values)})",
        LabelOperator.NotIn when Values.Count == 1 => $"{Key}!={Values.First()}",
        LabelOperator.NotIn => $"{Key} notin ({string.Join(",", Values)})",
        LabelOperator.Exists => Key,
        LabelOperator.GreaterThan => $"{Key}>{Values.First()}",
        LabelOperator.LessThan => $"{Key}<{Values.First()}",
        _ => $"!{Key}",
    };
}
