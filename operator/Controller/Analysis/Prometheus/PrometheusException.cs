namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>There is no answer. The message is for people: it names the address and what to do.</summary>
internal sealed class PrometheusException : Exception
{
    public PrometheusException(string message)
        : base(message)
    {
    }

    public PrometheusException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether asking for less would help.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>Whether asking again at once may help.</summary>
    public bool MayPass { get; init; }
}
