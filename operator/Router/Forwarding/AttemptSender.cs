using System.Net;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>Sends one attempt and tells everybody how it ended: metrics, the pod's health, the candidate's circuit, the log.</summary>
internal sealed partial class AttemptSender(
    IHttpForwarder forwarder,
    HttpMessageInvoker client,
    RouterMetrics metrics,
    FailureLog failures,
    RouterOptions options,
    TimeProvider time,
    ILogger<AttemptSender> logger)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    private readonly ForwarderRequestConfig _full = Config(options.Timeout, HttpVersion.Version11);
    private readonly ForwarderRequestConfig _trial = Config(options.CandidateTimeout, HttpVersion.Version11);

    /// <summary>Sends it.</summary>
    /// <param name="route">The route as of when the call was split.</param>
    /// <param name="attempt">What to send, and to whom.</param>
    /// <param name="left">What is left of the caller's patience.</param>
    public async Task<AttemptResult> SendAsync(ModelRoute route, ForwardingAttempt attempt, TimeSpan left)
    {
        var (call, backend, endpoint) = (attempt.Call, attempt.Backend, attempt.Endpoint);
        call.Body.Rewind();
        call.Attempts++;
        call.LastAsked = backend;
        metrics.AttemptStarted(backend.Labels);
        endpoint.Enter();
        var started = time.GetTimestamp();
        var result = new AttemptResult(AttemptFailure.Canceled, 0);
        Exception? exception = null;
        try
        {
            var address = call.IsGrpc ? endpoint.GrpcAddress! : endpoint.Address;
            var error = await forwarder.SendAsync(call.Context, address, client, ConfigFor(attempt, left), attempt);
            exception = error == ForwarderError.None ? null : call.Context.Features.Get<IForwarderErrorFeature>()?.Exception;
            var failure = ForwarderErrors.Explain(error, exception, attempt.Status != 0, call.Context.RequestAborted.IsCancellationRequested);
            result = new AttemptResult(failure, attempt.Status, attempt.WithheldAnswer, attempt.GrpcCode);
        }
        finally
        {
            endpoint.Leave();
            metrics.AttemptEnded(backend.Labels, result.Outcome, time.GetElapsedTime(started));
        }
        if (endpoint.Observe(result.Outcome, time.GetElapsedTime(0)))
        {
            LogEjected(route.Key, backend.Revision, endpoint.Address);
        }
        if (backend.Circuit?.Observe(result.Outcome) == true)
        {
            LogOpened(route.Key, backend.Revision);
        }
        if (result.Outcome is AttemptOutcome.Error or AttemptOutcome.Timeout)
        {
            failures.Failed(route, backend, endpoint, result, exception);
        }
        return result;
    }

    // A candidate gets a part of the time, so that stable can still answer within the rest.
    private ForwarderRequestConfig ConfigFor(ForwardingAttempt attempt, TimeSpan left)
    {
        var isTrial = attempt is { CanFailOver: true, Call.Body.CanReplay: true } && options.CandidateTimeout < left;
        if (!attempt.Call.IsGrpc && (isTrial || left >= options.Timeout - Slack))
        {
            return isTrial ? _trial : _full;
        }
        var timeout = isTrial ? options.CandidateTimeout : left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        return Config(timeout, attempt.Call.IsGrpc ? HttpVersion.Version20 : HttpVersion.Version11);
    }

    private static ForwarderRequestConfig Config(TimeSpan timeout, Version version) => new()
    {
        ActivityTimeout = timeout,
        Version = version,
        // Pods speak clear text, which cannot negotiate.
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route}: {Revision} at {Endpoint} keeps failing and gets no requests for a while")]
    private partial void LogEjected(string route, string revision, string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Route}: {Revision} fails most requests; stable answers them all, and {Revision} gets copies, until the route changes")]
    private partial void LogOpened(string route, string revision);
}
