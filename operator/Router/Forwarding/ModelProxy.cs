using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Api.Conventions;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Failover;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// Answers callers: finds the route, keeps the body, splits, chooses a pod, forwards, counts, and asks again where the
/// retry policy says so.
/// </summary>
internal sealed class ModelProxy(
    RouteStore routes,
    IHttpForwarder forwarder,
    HttpMessageInvoker client,
    RouterMetrics metrics,
    FailureLog failures,
    RouterOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private const int QuotedLength = 200;

    private readonly ForwarderRequestConfig _full = Config(options.Timeout);
    private readonly ForwarderRequestConfig _trial = Config(options.CandidateTimeout);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var requestId = RequestIds.Of(request.Headers[LineageHeaders.RequestId]);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Response.OnStarting(static state =>
            {
                ((HttpContext)state).Response.Headers.Connection = "close";
                return Task.CompletedTask;
            }, context);
        }

        var target = RequestTarget.Resolve(routes.Current, request.Host.Value, RawTarget(context));
        if (target.Route is not { } route)
        {
            await ErrorAnswer.WriteAsync(context, StatusCodes.Status404NotFound, NotFound(context), requestId);
            return;
        }
        if (request.ContentLength > options.MaxBodyBytes)
        {
            await ErrorAnswer.WriteAsync(
                context, StatusCodes.Status413PayloadTooLarge,
                $"the body has {request.ContentLength} bytes, the router takes {options.MaxBodyBytes}", requestId);
            return;
        }

        CallerBody body;
        try
        {
            body = await CallerBody.ReadAsync(context, options.ReplayBodyBytes);
        }
        catch (BadHttpRequestException refused)
        {
            await ErrorAnswer.WriteAsync(context, refused.StatusCode, refused.Message, requestId);
            return;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The caller left before it had asked anything: there is nobody to answer and nothing to count.
            return;
        }
        using (body)
        {
            // The body may have taken long to arrive: the split is the one that holds now.
            await ForwardAsync(context, Current(route), target.Rest, body, requestId);
        }
    }

    private async Task ForwardAsync(HttpContext context, ModelRoute route, ReadOnlyMemory<char> rest, CallerBody body, string requestId)
    {
        var started = time.GetTimestamp();
        var backend = route.Split?.Next();
        PodEndpoint? failed = null;
        while (true)
        {
            if (backend is null || PowerOfTwoChoices.Choose(backend.Endpoints, failed, Random.Shared) is not { } endpoint)
            {
                await ErrorAnswer.WriteAsync(
                    context, StatusCodes.Status503ServiceUnavailable, $"no pod of {route.Key} is ready", requestId, retryAfter: RetryAfter);
                return;
            }

            var attempt = new ForwardingAttempt
            {
                Backend = backend,
                Endpoint = endpoint,
                Rest = rest,
                RequestId = requestId,
                Body = body,
                CanFailOver = backend.Role == BackendRole.Candidate && route is { Failover: true, ReadyStable: not null },
                HeldAnswerBytes = options.HeldAnswerBytes,
            };
            var result = await SendAsync(context, route, attempt, options.Timeout - time.GetElapsedTime(started));

            var retry = RetryPolicy.After(new RetryQuestion(
                result,
                attempt.CanFailOver,
                CanSendAgain: body.CanReplay && !context.Response.HasStarted && time.GetElapsedTime(started) < options.Timeout,
                WasSameArmRetry: failed is not null));
            if (retry == Retry.None)
            {
                await FinishAsync(context, attempt, result);
                return;
            }

            context.Response.Clear();
            if (retry == Retry.OnStable)
            {
                metrics.FailedOver(backend.Labels);
                backend = Current(route).ReadyStable ?? route.ReadyStable;
                failed = null;
            }
            else
            {
                // The pod that refused may have left the route meanwhile.
                backend = Current(route).Backends.FirstOrDefault(one => one.Revision == attempt.Backend.Revision && one.IsReady) ?? backend;
                failed = endpoint;
            }
        }
    }

    private async Task<AttemptResult> SendAsync(HttpContext context, ModelRoute route, ForwardingAttempt attempt, TimeSpan left)
    {
        var (backend, endpoint) = (attempt.Backend, attempt.Endpoint);
        attempt.Body.Rewind();
        metrics.AttemptStarted(backend.Labels);
        endpoint.Enter();
        var started = time.GetTimestamp();
        var result = new AttemptResult(AttemptFailure.Canceled, 0);
        Exception? exception = null;
        try
        {
            var error = await forwarder.SendAsync(context, endpoint.Address, client, ConfigFor(attempt, left), attempt);
            exception = error == ForwarderError.None ? null : context.Features.Get<IForwarderErrorFeature>()?.Exception;
            var failure = ForwarderErrors.Explain(error, exception, attempt.Status != 0, context.RequestAborted.IsCancellationRequested);
            result = new AttemptResult(failure, attempt.Status, attempt.WithheldAnswer);
        }
        finally
        {
            endpoint.Leave();
            metrics.AttemptEnded(backend.Labels, result.Outcome, time.GetElapsedTime(started));
        }
        if (result.Outcome is AttemptOutcome.Error or AttemptOutcome.Timeout)
        {
            failures.Failed(route, backend, endpoint, result, exception);
        }
        return result;
    }

    private static Task FinishAsync(HttpContext context, ForwardingAttempt attempt, AttemptResult result)
    {
        var (backend, requestId) = (attempt.Backend, attempt.RequestId);
        return result.Failure switch
        {
            AttemptFailure.None when !result.WithheldAnswer => Task.CompletedTask,
            AttemptFailure.Canceled => Task.CompletedTask,
            AttemptFailure.Timeout => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status504GatewayTimeout, $"revision {backend.Revision} did not answer in time", requestId, backend),
            // The status is the server's word on what is wrong with the body: too large, too slow, malformed.
            AttemptFailure.Caller => ErrorAnswer.WriteAsync(
                context, context.Response.StatusCode, "the request's body could not be read", requestId, backend),
            AttemptFailure.Connection => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status502BadGateway, $"revision {backend.Revision} could not be reached", requestId, backend),
            _ => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status502BadGateway, $"revision {backend.Revision} gave no complete answer", requestId, backend),
        };
    }

    // A candidate gets a part of the time, so that stable can still answer within the rest.
    private ForwarderRequestConfig ConfigFor(ForwardingAttempt attempt, TimeSpan left) =>
        attempt is { CanFailOver: true, Body.CanReplay: true } && options.CandidateTimeout < left ? _trial
        : left >= options.Timeout - TimeSpan.FromMilliseconds(50) ? _full
        : Config(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));

    private static ForwarderRequestConfig Config(TimeSpan timeout) => new()
    {
        ActivityTimeout = timeout,
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private ModelRoute Current(ModelRoute route) => routes.Current.TryFind(route.Key, out var current) ? current : route;

    private static string RawTarget(HttpContext context) => context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";

    private static string NotFound(HttpContext context) =>
        $"no model is served at {Quote(RawTarget(context).Split('?')[0])} (host {Quote(context.Request.Host.Value ?? "")}): "
        + "ask for /<namespace>/<name>/... or host <name>.<namespace>";

    private static string Quote(string text) => text.Length <= QuotedLength ? text : text[..QuotedLength] + "...";
}
