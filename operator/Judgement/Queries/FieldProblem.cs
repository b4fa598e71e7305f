namespace ModelOperator.Judgement.Queries;

/// <summary>A field that cannot be used as it is.</summary>
/// <param name="Path">Where, for example <c>spec.metrics[1].query</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record FieldProblem(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
