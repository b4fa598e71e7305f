using System.Net;
using System.Net.Sockets;

namespace ModelOperator.Kubernetes.Client;

/// <summary>When a request is sent again, and after how long. Pure.</summary>
internal static class RetryPolicy
{
    /// <summary>How often one request is sent at most.</summary>
    public const int MaxAttempts = 10;

    /// <summary>How often a request that only reads is sent at most when connections break.</summary>
    public const int MaxAttemptsOnBrokenConnection = 3;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitOnBrokenConnection = TimeSpan.FromSeconds(1);

    /// <summary>As client-go: only what the server asks for, by a status of 429 or 5xx with <c>Retry-After</c>.</summary>
    /// <returns>How long to wait; null: the answer stands.</returns>
    public static TimeSpan? AfterAnswer(int attempt, HttpStatusCode status, TimeSpan? retryAfter)
    {
        var asksToRetry = status is HttpStatusCode.TooManyRequests || (int)status >= 500;
        return asksToRetry && attempt < MaxAttempts && retryAfter <= MaxWait
            ? (retryAfter > TimeSpan.Zero ? retryAfter : TimeSpan.Zero)
            : null;
    }

    /// <summary>
    /// As client-go: a connection that broke under a GET. Anything else may have been done by a server whose answer was
    /// lost, so only the caller can know whether to try again.
    /// </summary>
    /// <returns>How long to wait; null: the error stands.</returns>
    public static TimeSpan? AfterBrokenConnection(int attempt, HttpMethod method, HttpRequestException error)
    {
        var isBroken = error.HttpRequestError == HttpRequestError.ResponseEnded
            || Causes(error).OfType<SocketException>().Any(cause => cause.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown);
        return method == HttpMethod.Get && isBroken && attempt < MaxAttemptsOnBrokenConnection ? WaitOnBrokenConnection : null;
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
