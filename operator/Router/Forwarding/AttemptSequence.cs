using ModelOperator.Router.Balancing;
using ModelOperator.Router.Failover;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Forwarding;

/// <summary>Asks pods until one has answered or the retry policy gives up, and says so to the caller if none has.</summary>
internal sealed class AttemptSequence(AttemptSender sender, RouteStore routes, RouterMetrics metrics, RouterOptions options, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Answers a call.</summary>
    /// <returns>How the last attempt ended: what the caller has seen.</returns>
    public async Task<AttemptResult> AnswerAsync(Call call, ModelRoute route, Backend backend)
    {
        var context = call.Context;
        var started = time.GetTimestamp();
        PodEndpoint? failed = null;
        while (true)
        {
            if (PowerOfTwoChoices.Choose(backend.Endpoints, failed, time.GetElapsedTime(0), Random.Shared) is not { } endpoint)
            {
                await ErrorAnswer.WriteAsync(
                    context, StatusCodes.Status503ServiceUnavailable, $"no pod of {route.Key} is ready", call.RequestId, retryAfter: RetryAfter);
                return new AttemptResult(AttemptFailure.Connection, 0);
            }
            if (call.IsGrpc && endpoint.GrpcAddress is null)
            {
                await ErrorAnswer.WriteAsync(
                    context, StatusCodes.Status501NotImplemented, $"revision {backend.Revision} has no port for gRPC", call.RequestId, backend);
                return new AttemptResult(AttemptFailure.Caller, 0);
            }

            var attempt = new Attempt
            {
                Call = call,
                Backend = backend,
                Endpoint = endpoint,
                CanFailOver = backend.Role == BackendRole.Candidate && route is { Failover: true, ReadyStable: not null },
                HeldAnswerBytes = options.HeldAnswerBytes,
            };
            var result = await sender.SendAsync(route, attempt, call.Patience - time.GetElapsedTime(started));

            var retry = RetryPolicy.After(new RetryQuestion(
                result,
                attempt.CanFailOver,
                CanSendAgain: call.Body.CanReplay && !attempt.HasReachedCaller && !context.Response.HasStarted && time.GetElapsedTime(started) < call.Patience,
                WasSameArmRetry: failed is not null));
            if (retry == Retry.None)
            {
                await FinishAsync(attempt, result);
                return result;
            }

            context.Response.Clear();
            if (retry == Retry.OnStable)
            {
                metrics.FailedOver(backend.Labels);
                call.FailedOver = true;
                backend = routes.Latest(route).ReadyStable ?? route.ReadyStable ?? backend;
                failed = null;
            }
            else
            {
                // The pod that refused may have left the route meanwhile.
                backend = routes.Latest(route).Backends.FirstOrDefault(one => one.Revision == attempt.Backend.Revision && one.IsReady) ?? backend;
                failed = endpoint;
            }
        }
    }

    private static Task FinishAsync(Attempt attempt, AttemptResult result)
    {
        var (context, backend, requestId) = (attempt.Call.Context, attempt.Backend, attempt.Call.RequestId);
        return result.Failure switch
        {
            AttemptFailure.None when !result.WithheldAnswer => Task.CompletedTask,
            AttemptFailure.Canceled => Task.CompletedTask,
            AttemptFailure.Timeout => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status504GatewayTimeout, $"revision {backend.Revision} did not answer in time", requestId, backend),
            // The status is the server's word on what is wrong with the body: too large, too slow, malformed.
            AttemptFailure.Caller => ErrorAnswer.WriteAsync(
                context, context.Response.StatusCode, "the request's body could not be read", requestId, backend),
            // Nobody has taken the request in: the same caller may well succeed in a moment.
            AttemptFailure.Connection => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, $"revision {backend.Revision} could not be reached", requestId, backend, RetryAfter),
            _ => ErrorAnswer.WriteAsync(
                context, StatusCodes.Status502BadGateway, $"revision {backend.Revision} gave no complete answer", requestId, backend),
        };
    }
}
