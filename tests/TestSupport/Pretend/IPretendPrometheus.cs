namespace ModelOperator.TestSupport.Pretend;

/// <summary>What a pretended Prometheus answers.</summary>
public interface IPretendPrometheus
{
    /// <summary>Writes the answer of the query API to an instant query.</summary>
    /// <param name="query">PromQL.</param>
    /// <param name="at">When it is evaluated, in seconds since 1970.</param>
    /// <param name="answer">Where the JSON goes.</param>
    Task AnswerAsync(string query, double at, Stream answer);
}
