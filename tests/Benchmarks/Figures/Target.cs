using System.Globalization;

namespace ModelOperator.Benchmarks.Figures;

/// <summary>What a figure should be: at most, or at least, a bound in the figure's unit.</summary>
internal readonly record struct Target(double Bound, bool IsUpper)
{
    public static Target AtMost(double bound) => new(bound, IsUpper: true);

    public static Target AtLeast(double bound) => new(bound, IsUpper: false);

    public bool IsMetBy(double value) => IsUpper ? value <= Bound : value >= Bound;

    public override string ToString() => (IsUpper ? "<= " : ">= ") + Bound.ToString("0.###", CultureInfo.InvariantCulture);
}
