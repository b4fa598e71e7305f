using System.Collections.Frozen;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>What tells a series from the others of its revision and counter.</summary>
/// <param name="Identity">The same for the same labels.</param>
/// <param name="Labels">The labels, without <see cref="OfSubject"/>.</param>
internal sealed record SeriesName(string Identity, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The labels that all series of a <see cref="CounterSubject"/> have in common.</summary>
    public static readonly FrozenSet<string> OfSubject = FrozenSet.Create(StringComparer.Ordinal, "__name__", "namespace", "deployment", "revision");
}
