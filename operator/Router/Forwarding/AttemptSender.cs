using System.Net;
using ModelOperator.Router.Forwarding.Http1;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>Sends one attempt and tells everybody how it ended: metrics, the pod's health, the candidate's circuit, the log.</summary>
internal sealed partial class AttemptSender(
    PodExchange exchange,
    IHttpForwarder forwarder,
    HttpMessageInvoker client,
    RouterMetrics metrics,
    FailureLog failures,
    RouterOptions options,
    TimeProvider time,
    ILogger<AttemptSender> logger)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends it.</summary>
    /// <param name="route">The route as of when the call was split.</param>
    /// <param name="attempt">What to send, and to whom.</param>
    /// <param name="left">What is left of the caller's patience.</param>
    public async Task<AttemptResult> SendAsync(ModelRoute route, Attempt attempt, TimeSpan left)
    {
        var (call, backend, endpoint) = (attempt.Call, attempt.Backend, attempt.Endpoint);
        call.Attempts++;
        call.LastAsked = backend;
        metrics.AttemptStarted(backend.Labels);
        endpoint.Enter();
        var started = time.GetTimestamp();
        var result = new AttemptResult(AttemptFailure.Canceled, 0);
        Exception? exception = null;
        try
        {
            AttemptFailure failure;
            (failure, exception) = call is { IsGrpc: false, Body.IsKept: true }
                ? await exchange.SendAsync(attempt, TimeoutFor(attempt, left))
                : await ForwardAsync(attempt, TimeoutFor(attempt, left));
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

    // What is not asked over HTTP/1.1 with a body that is here in full.
    private async ValueTask<(AttemptFailure Failure, Exception? Exception)> ForwardAsync(Attempt attempt, TimeSpan timeout)
    {
        var call = attempt.Call;
        call.Body.Rewind();
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = timeout,
            Version = call.IsGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            // Pods speak clear text, which cannot negotiate.
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var address = call.IsGrpc ? attempt.Endpoint.GrpcAddress! : attempt.Endpoint.Address;
        var error = await forwarder.SendAsync(call.Context, address, client, config, new ForwardingAttempt(attempt));
        var exception = error == ForwarderError.None ? null : call.Context.Features.Get<IForwarderErrorFeature>()?.Exception;
        return (ForwarderErrors.Explain(error, exception, attempt.Status != 0, call.Context.RequestAborted.IsCancellationRequested), exception);
    }

    // A candidate gets a part of the time, so that stable can still answer within the rest.
    private TimeSpan TimeoutFor(Attempt attempt, TimeSpan left) =>
        attempt.MayWithhold && options.CandidateTimeout < left ? options.CandidateTimeout
        : left > Least ? left
        : Least;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route}: {Revision} at {Endpoint} keeps failing and gets no requests for a while")]
    private partial void LogEjected(string route, string revision, string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Route}: {Revision} fails most requests; stable answers them all, and {Revision} gets copies, until the route changes")]
    private partial void LogOpened(string route, string revision);
}
