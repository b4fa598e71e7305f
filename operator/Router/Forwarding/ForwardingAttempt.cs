using System.Buffers;
using ModelOperator.Router.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// One request to one pod: what is sent, and whether what comes back may reach the caller. While stable can still
/// answer, a 5xx is kept from the caller, and so is an answer that is not complete yet, if its length is known and small.
/// </summary>
internal sealed class ForwardingAttempt(Attempt attempt) : HttpTransformer
{
    // The first part of an answer: enough to see that there is one.
    private const int FirstPart = 4096;

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = attempt.Call.UriAt(destinationPrefix);
        proxyRequest.Headers.Host = null;
        if (attempt.Call.Body.IsKept)
        {
            // The caller was told to continue already.
            proxyRequest.Headers.ExpectContinue = null;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }
        attempt.Status = (int)proxyResponse.StatusCode;
        if (!attempt.MayWithhold)
        {
            return await CopyHeadersAsync(httpContext, proxyResponse, cancellationToken);
        }
        if (attempt.Status >= StatusCodes.Status500InternalServerError)
        {
            attempt.WithheldAnswer = true;
            return false;
        }
        if (attempt.Call.IsGrpc)
        {
            return await PassOnWhenBegunAsync(httpContext, proxyResponse, cancellationToken);
        }
        if (HeldLength(httpContext, proxyResponse) is not { } length)
        {
            return await CopyHeadersAsync(httpContext, proxyResponse, cancellationToken);
        }
        await PassOnWhenCompleteAsync(httpContext, proxyResponse, length, cancellationToken);
        return false;
    }

    /// <inheritdoc/>
    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (attempt.Call.IsGrpc)
        {
            attempt.GrpcCode ??= GrpcStatus.Of(proxyResponse) ?? GrpcStatus.Unknown;
        }
        return base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
    }

    // A call that fails before its first message has begun no answer: its status comes with the headers, or right after.
    private async ValueTask<bool> PassOnWhenBegunAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var first = new byte[FirstPart];
        var length = await stream.ReadAsync(first, cancellationToken);
        if (length == 0)
        {
            attempt.GrpcCode = GrpcStatus.Of(response) ?? GrpcStatus.Unknown;
            if (GrpcStatus.OutcomeOf(attempt.GrpcCode) is AttemptOutcome.Error or AttemptOutcome.Timeout)
            {
                attempt.WithheldAnswer = true;
                return false;
            }
        }
        var copyBody = await CopyHeadersAsync(context, response, cancellationToken);
        response.Content = new StreamContent(new PassedOnStream(first.AsMemory(0, length), stream));
        return copyBody;
    }

    private async ValueTask<bool> CopyHeadersAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(context, response, cancellationToken);
        attempt.CompleteHeaders(context.Response.Headers);
        return copyBody;
    }

    // A stream of unknown length is not held: its reader waits for the parts.
    private int? HeldLength(HttpContext context, HttpResponseMessage response) =>
        attempt.Status is >= StatusCodes.Status200OK and not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        && !HttpMethods.IsHead(context.Request.Method)
        && response.Content.Headers.ContentLength is > 0 and var length
        && length <= attempt.HeldAnswerBytes
            ? (int)length
            : null;

    private async Task PassOnWhenCompleteAsync(
        HttpContext context, HttpResponseMessage response, int length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await body.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
            await CopyHeadersAsync(context, response, cancellationToken);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
