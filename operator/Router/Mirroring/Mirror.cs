using ModelOperator.Router.Balancing;
using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Mirroring;

/// <summary>
/// Sends copies of requests to candidates and compares the answers. A copy leaves when the caller has its answer, and
/// holds a place and memory of budgets of its own: no caller waits for it, however long the candidate takes.
/// </summary>
internal sealed class Mirror(
    HttpMessageInvoker client,
    MirrorBudget budget,
    RouterMetrics metrics,
    RouterOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    /// <summary>Starts to keep the answer that the caller will get.</summary>
    public CapturingStream Capture(HttpContext context)
    {
        var captured = new CapturingStream(context.Response.Body, options.HeldAnswerBytes, budget);
        context.Response.Body = captured;
        return captured;
    }

    /// <summary>Sends the copy, if it is to be sent, and returns at once.</summary>
    /// <param name="call">The request; all that is needed of it is copied before this returns.</param>
    /// <param name="candidate">Who gets the copy.</param>
    /// <param name="given">How the caller's answer ended.</param>
    /// <param name="captured">Its body.</param>
    public void Send(Call call, Backend candidate, in AttemptResult given, CapturingStream captured)
    {
        if (given.Outcome is not (AttemptOutcome.Ok or AttemptOutcome.ClientError))
        {
            // There is no answer to compare with.
            captured.Release();
            return;
        }
        if (call.Body.KeptLength is not { } length || !candidate.MirrorLane.TryEnter(options.MirrorConcurrency))
        {
            captured.Release();
            metrics.NotMirrored(candidate.Labels);
            return;
        }
        var endpoint = PowerOfTwoChoices.Choose(candidate.Endpoints, null, time.GetElapsedTime(0), Random.Shared);
        var address = call.IsGrpc ? endpoint?.GrpcAddress : endpoint?.Address;
        if (endpoint is null || address is null || !budget.TryTake(length))
        {
            candidate.MirrorLane.Leave();
            captured.Release();
            metrics.NotMirrored(candidate.Labels);
            return;
        }
        var message = CopiedRequest.Of(call, address);
        var expected = Expected(call, given, captured, IsInference(message));
        _ = Task.Run(async () =>
        {
            try
            {
                await CompareAsync(message, candidate, endpoint, expected);
            }
            finally
            {
                candidate.MirrorLane.Leave();
                budget.Return(length);
                captured.Release();
            }
        });
    }

    private async Task CompareAsync(HttpRequestMessage message, Backend candidate, PodEndpoint endpoint, Answer expected)
    {
        metrics.AttemptStarted(candidate.Labels);
        endpoint.Enter();
        var started = time.GetTimestamp();
        var outcome = AttemptOutcome.Canceled;
        try
        {
            using var patience = new CancellationTokenSource(options.Timeout, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopped);
            var (answer, failure) = await AskAsync(message, limit.Token);
            if (failure == AttemptFailure.Timeout && !patience.IsCancellationRequested)
            {
                return;
            }
            outcome = new AttemptResult(failure, answer.Status, GrpcStatus: answer.GrpcStatus).Outcome;
            // Not on the thread that reads the sockets of callers.
            metrics.Compared(candidate.Labels, await Task.Run(() => AnswerComparison.Disagree(expected, answer), CancellationToken.None));
        }
        finally
        {
            message.Dispose();
            endpoint.Leave();
            endpoint.Observe(outcome, time.GetElapsedTime(0));
            metrics.AttemptEnded(candidate.Labels, outcome, time.GetElapsedTime(started));
        }
    }

    private async Task<(Answer Answer, AttemptFailure Failure)> AskAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(message, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return (default, AttemptFailure.Timeout);
        }
        catch (HttpRequestException)
        {
            return (default, AttemptFailure.Connection);
        }
        using (response)
        {
            try
            {
                var body = await BodyAsync(response, cancellationToken);
                return (
                    Read((int)response.StatusCode, GrpcStatusOf(response, message), JsonLengthOf(response), body, IsInference(message)),
                    AttemptFailure.None);
            }
            catch (OperationCanceledException)
            {
                return (default, AttemptFailure.Timeout);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                return (default, AttemptFailure.Answer);
            }
        }
    }

    // All of it is read, so that the answer is known to be complete, and as much of it is kept as for the caller's.
    private async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var kept = new CapturingStream(Stream.Null, options.HeldAnswerBytes, budget);
        try
        {
            await response.Content.CopyToAsync(kept, cancellationToken);
            return response.Content.Headers.ContentEncoding.Count > 0 ? null : kept.Captured;
        }
        finally
        {
            kept.Release();
        }
    }

    private static Answer Expected(Call call, in AttemptResult given, CapturingStream captured, bool isInference)
    {
        var headers = call.Context.Response.Headers;
        int? jsonLength = int.TryParse(headers[Answer.JsonLengthHeader], out var length) ? length : null;
        return Read(given.Status, given.GrpcStatus, jsonLength, headers.ContentEncoding.Count > 0 ? null : captured.Captured, isInference);
    }

    private static Answer Read(int status, int? grpcStatus, int? jsonLength, ReadOnlyMemory<byte>? body, bool isInference) =>
        new(status, grpcStatus, jsonLength, isInference && body is { } framed ? GrpcFrame.Unwrap(framed) : body, isInference);

    private static bool IsInference(HttpRequestMessage message) => IsGrpc(message) && GrpcV2Answer.IsOf(message.RequestUri!.AbsolutePath);

    private static bool IsGrpc(HttpRequestMessage message) => GrpcStatus.IsGrpc(message.Content?.Headers.ContentType?.MediaType);

    private static int? GrpcStatusOf(HttpResponseMessage response, HttpRequestMessage message) =>
        IsGrpc(message) ? GrpcStatus.Of(response) ?? GrpcStatus.Unknown : null;

    private static int? JsonLengthOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(Answer.JsonLengthHeader, out var values) && int.TryParse(values.First(), out var length) ? length : null;
}
