namespace ModelOperator.Judgement.Queries;

/// <summary>Joins several series into one value.</summary>
internal static class SeriesReduction
{
    public static readonly IReadOnlyList<string> Names = ["sum", "max", "min", "avg"];

    /// <summary>The joined value. One NaN makes it NaN and, failing that, one infinity makes it infinite: a part that is unknown leaves the whole unknown.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="values">At least one.</param>
    public static double Apply(string name, IReadOnlyList<double> values)
    {
        if (values.FirstOrDefault(v => !double.IsFinite(v)) is var odd && !double.IsFinite(odd))
        {
            return values.Any(double.IsNaN) ? double.NaN : odd;
        }

        return name switch
        {
            "sum" => values.Sum(),
            "max" => values.Max(),
            "min" => values.Min(),
            "avg" => values.Average(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such reduction"),
        };
    }
}
