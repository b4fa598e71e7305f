namespace ModelOperator.Judgement.Verdicts;

/// <summary>What a value must lie within, ends included.</summary>
internal readonly record struct Bound(double? Min, double? Max)
{
    public bool Admits(double value) => !(value < Min) && !(value > Max);

    /// <summary>For status: <c>&lt;= 1%</c>.</summary>
    public string Describe(ValueUnit unit) => string.Join(
        " and ",
        new[] { Min is { } min ? $">= {ValueText.FormatBound(min, unit)}" : null, Max is { } max ? $"<= {ValueText.FormatBound(max, unit)}" : null }
            .OfType<string>());

    /// <summary>For sentences about a value that is not admitted: <c>23.1%</c> and <c>above 1%</c>.</summary>
    public (string Value, string Violation) Violation(double value, ValueUnit unit)
    {
        var (side, bound) = value > Max ? ("above", Max.Value) : ("below", Min ?? double.NaN);
        return (ValueText.FormatBeside(value, bound, unit), $"{side} {ValueText.FormatBound(bound, unit)}");
    }
}
