using System.IO.Pipelines;
using System.Net.Sockets;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>
/// Sends a request whose body is kept to a pod over HTTP/1.1, and passes the answer on: most of what a router does all day.
/// </summary>
internal sealed class PodExchange(RouteStore routes, RouterOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Makes one attempt.</summary>
    /// <param name="attempt">What to send, to whom, and whether the answer may be withheld.</param>
    /// <param name="timeout">How long the pod may take to begin its answer; then, how long it may pause.</param>
    /// <returns>How it ended, and what was thrown.</returns>
    public async ValueTask<(AttemptFailure Failure, Exception? Exception)> SendAsync(Attempt attempt, TimeSpan timeout)
    {
        var context = attempt.Call.Context;
        var deadline = time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);
        RequestHead head;
        try
        {
            head = RequestHead.Write(context.Request, attempt.Call.Rest.Span, attempt.Endpoint.Connections.Authority, attempt.Call.Body.Kept);
        }
        catch (FormatException wrong)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return (AttemptFailure.Caller, wrong);
        }
        using (head)
        {
            if (attempt.Endpoint.Connections.TryTake(deadline) is { } waiting)
            {
                var (failure, exception, isStale) = await UseAsync(waiting, attempt, head, timeout);
                if (!isStale)
                {
                    await FlushAsync(attempt, failure);
                    return (failure, exception);
                }
                // The pod closed it when nobody had asked anything. That is no failure of the pod's: ask on a fresh one.
            }
            PodConnection fresh;
            try
            {
                fresh = await ConnectAsync(attempt, deadline);
            }
            catch (SocketException refused)
            {
                return (AttemptFailure.Connection, refused);
            }
            catch (OperationCanceledException late)
            {
                return (context.RequestAborted.IsCancellationRequested ? AttemptFailure.Canceled : AttemptFailure.Timeout, late);
            }
            var (ended, why, _) = await UseAsync(fresh, attempt, head, timeout);
            await FlushAsync(attempt, ended);
            return (ended, why);
        }
    }

    /// <summary>Closes the connections that wait.</summary>
    public void Dispose()
    {
        foreach (var endpoint in routes.Current.Routes.SelectMany(route => route.Backends).SelectMany(backend => backend.Endpoints))
        {
            endpoint.CloseIdle();
        }
    }

    // When the connection waits again: the caller's next request may be here before this returns.
    private static ValueTask<FlushResult> FlushAsync(Attempt attempt, AttemptFailure failure) =>
        failure == AttemptFailure.None && !attempt.WithheldAnswer ? attempt.Call.Context.Response.BodyWriter.FlushAsync() : default;

    private async ValueTask<PodConnection> ConnectAsync(Attempt attempt, long deadline)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(attempt.Call.Context.RequestAborted);
        limit.CancelAfter(time.GetElapsedTime(time.GetTimestamp(), deadline) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return await attempt.Endpoint.Connections.ConnectAsync(options.ConnectTimeout, deadline, time, limit.Token);
    }

    private async ValueTask<(AttemptFailure Failure, Exception? Exception, bool IsStale)> UseAsync(
        PodConnection connection, Attempt attempt, RequestHead head, TimeSpan timeout)
    {
        var context = attempt.Call.Context;
        var answer = new PodAnswer(connection, attempt, timeout, time);
        Task? sending = null;
        var caller = context.RequestAborted.UnsafeRegister(static state => ((PodConnection)state!).Close(), connection);
        var reusable = false;
        try
        {
            sending = Send(connection, head, attempt.Call.Body.Kept);
            reusable = await answer.PassOnAsync();
            return (AttemptFailure.None, null, false);
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException or IOException or MalformedAnswerException)
        {
            var isUntouched = !answer.HasBegun;
            if (context.RequestAborted.IsCancellationRequested)
            {
                return (AttemptFailure.Canceled, failed, false);
            }
            if (connection.HasMissedDeadline)
            {
                answer.Break();
                return (AttemptFailure.Timeout, failed, false);
            }
            if (isUntouched && connection.IsReused)
            {
                return (AttemptFailure.Connection, failed, true);
            }
            answer.Break();
            return (attempt.Status == 0 && failed is not MalformedAnswerException ? AttemptFailure.Connection : AttemptFailure.Answer, failed, false);
        }
        finally
        {
            var isCallerDone = caller.Unregister();
            if (reusable && isCallerDone && sending is null or { IsCompletedSuccessfully: true })
            {
                connection.Release();
            }
            else
            {
                connection.Close();
            }
            if (sending is not null)
            {
                // The pod answered without reading all of the body, or is gone; the body's memory is given back after this.
                await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Null: all of it is in the system's hands. Else it is still going out while the answer may come.
    private static Task? Send(PodConnection connection, in RequestHead head, ReadOnlyMemory<byte> body)
    {
        var first = connection.SendAsync(head.Bytes);
        var rest = body[head.BodyBytes..];
        if (first.IsCompletedSuccessfully && rest.IsEmpty)
        {
            return null;
        }
        return SendAsync(first, connection, rest);

        static async Task SendAsync(ValueTask<int> first, PodConnection connection, ReadOnlyMemory<byte> rest)
        {
            await first;
            if (!rest.IsEmpty)
            {
                await connection.SendAsync(rest);
            }
        }
    }
}
