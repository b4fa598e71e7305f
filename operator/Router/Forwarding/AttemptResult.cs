using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Forwarding;

/// <summary>How one attempt ended.</summary>
/// <param name="Failure">What went wrong in the exchange.</param>
/// <param name="Status">The backend's status code; 0 when it sent none.</param>
/// <param name="WithheldAnswer">The backend answered, but the answer was kept from the caller.</param>
/// <param name="GrpcStatus">The status of a gRPC call; null when it was none, or did not get so far.</param>
internal readonly record struct AttemptResult(AttemptFailure Failure, int Status, bool WithheldAnswer = false, int? GrpcStatus = null)
{
    /// <summary>What the attempt says about the revision.</summary>
    public AttemptOutcome Outcome => Failure switch
    {
        AttemptFailure.Connection or AttemptFailure.Answer => AttemptOutcome.Error,
        AttemptFailure.Timeout => AttemptOutcome.Timeout,
        AttemptFailure.Caller => AttemptOutcome.ClientError,
        AttemptFailure.Canceled => AttemptOutcome.Canceled,
        _ => Status switch
        {
            >= 500 => AttemptOutcome.Error,
            >= 400 => AttemptOutcome.ClientError,
            _ when GrpcStatus is { } status => Forwarding.GrpcStatus.OutcomeOf(status),
            _ => AttemptOutcome.Ok,
        },
    };
}
