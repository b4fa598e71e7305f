using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>Reads YARP's errors.</summary>
internal static class ForwarderErrors
{
    /// <summary>Tells what an error means.</summary>
    /// <param name="error">What the forwarder returned.</param>
    /// <param name="exception">What it caught.</param>
    /// <param name="answered">Whether the backend's answer had begun.</param>
    /// <param name="callerGone">Whether the caller has disconnected.</param>
    public static AttemptFailure Explain(ForwarderError error, Exception? exception, bool answered, bool callerGone) => error switch
    {
        ForwarderError.None => AttemptFailure.None,
        // A backend may answer without reading the body; the answer was passed on in full. Where the answer failed as well,
        // the forwarder reports both exceptions.
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyCanceled
            when answered && exception is not AggregateException => AttemptFailure.None,
        _ when callerGone => AttemptFailure.Canceled,
        ForwarderError.Request or ForwarderError.RequestBodyDestination => AttemptFailure.Connection,
        ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled
            or ForwarderError.ResponseBodyCanceled or ForwarderError.UpgradeActivityTimeout => AttemptFailure.Timeout,
        ForwarderError.ResponseHeaders when exception is OperationCanceledException => AttemptFailure.Timeout,
        ForwarderError.RequestBodyClient or ForwarderError.RequestCreation => AttemptFailure.Caller,
        ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled => AttemptFailure.Canceled,
        _ => AttemptFailure.Answer,
    };
}
