using ModelOperator.Judgement.Queries;

namespace ModelOperator.Judgement.Counters;

/// <summary>A counter of one revision.</summary>
/// <param name="Counter">The metric.</param>
/// <param name="Namespace">Its label <c>namespace</c>.</param>
/// <param name="Deployment">Its label <c>deployment</c>; empty when it has none.</param>
/// <param name="Revision">Its label <c>revision</c>.</param>
internal sealed record CounterSubject(string Counter, string Namespace, string Deployment, string Revision)
{
    /// <summary>Selects its series.</summary>
    public string Selector => PromQl.Selector(Counter, ("namespace", Namespace), ("deployment", Deployment), ("revision", Revision));
}
