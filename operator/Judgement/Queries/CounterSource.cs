using ModelOperator.Judgement.Counters;

namespace ModelOperator.Judgement.Queries;

/// <summary>Who counts what a revision answers: the routers, or, where requests do not pass through them, the model servers themselves.</summary>
internal abstract record CounterSource
{
    public static readonly CounterSource Router = new OfRouters();
    public static readonly CounterSource ModelServer = new OfModelServers();

    private CounterSource()
    {
    }

    /// <summary>One of the counters in <see cref="RouterCounters"/>, as this source counts it.</summary>
    /// <param name="counter">The router's name of it.</param>
    /// <param name="request">Whose.</param>
    /// <param name="revision">Of which revision.</param>
    public abstract CounterSubject Subject(string counter, JudgementRequest request, string revision);

    /// <summary>Why a builtin metric or comparison cannot be had from here; null when it can.</summary>
    /// <param name="isDisagreement">Whether it is about answers that differ.</param>
    public abstract string? Lacks(bool isDisagreement);

    /// <summary>Said where there are no samples at all; empty where there is nothing to say.</summary>
    public abstract string Hint { get; }

    private sealed record OfRouters : CounterSource
    {
        public override string Hint => "";

        public override CounterSubject Subject(string counter, JudgementRequest request, string revision) =>
            new(counter, request.Namespace, request.Deployment, revision);

        public override string? Lacks(bool isDisagreement) => null;
    }

    /// <summary>
    /// A server counts a request under the name of its revision, which is unique in its namespace; the namespace is a label that
    /// Prometheus gives it. It sees copies of requests too, and does not see what never reached it.
    /// </summary>
    private sealed record OfModelServers : CounterSource
    {
        private const string Inferences = "modelserver_inference_total";
        private const string DurationBuckets = "modelserver_inference_duration_seconds_bucket";

        public override string Hint =>
            "; with provider GatewayAPI the model server counts, so its runtime must export it and Prometheus must add the label namespace";

        public override CounterSubject Subject(string counter, JudgementRequest request, string revision) =>
            new(counter == RouterCounters.DurationBuckets ? DurationBuckets : Inferences, request.Namespace, "", revision);

        public override string? Lacks(bool isDisagreement) => isDisagreement
            ? "only routers compare answers, and with provider GatewayAPI no request passes through them"
            : null;
    }
}
