using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Failover;

/// <summary>
/// Which failures the caller never sees. Inference is idempotent, so a request may be sent again as long as nothing of
/// an answer has reached the caller.
/// </summary>
internal static class RetryPolicy
{
    /// <summary>Decides. At most three attempts come of it: candidate, stable, stable on another pod.</summary>
    public static Retry After(in RetryQuestion question)
    {
        // Neither a wrong request nor a caller that left is the revision's failure: stable would do no better.
        if (question.Result.Outcome is not (AttemptOutcome.Error or AttemptOutcome.Timeout) || !question.CanSendAgain)
        {
            return Retry.None;
        }
        if (question.CanFailOver)
        {
            return Retry.OnStable;
        }
        // A pod on its way out refuses or resets. A pod that answers, or is slow, has taken the request in: asking the
        // next one too would double the load of a service in trouble.
        return question.Result.Failure == AttemptFailure.Connection && !question.WasSameArmRetry ? Retry.OnOtherEndpoint : Retry.None;
    }
}
