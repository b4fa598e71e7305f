using System.Buffers;
using ModelOperator.Api.Conventions;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// One request to one pod: what is sent, and whether what comes back may reach the caller. While stable can still
/// answer, a 5xx is kept from the caller, and so is an answer that is not complete yet, if its length is known and small.
/// </summary>
internal sealed class ForwardingAttempt : HttpTransformer
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public required Backend Backend { get; init; }

    public required PodEndpoint Endpoint { get; init; }

    /// <summary>Path and query.</summary>
    public required ReadOnlyMemory<char> Rest { get; init; }

    public required string RequestId { get; init; }

    public required CallerBody Body { get; init; }

    /// <summary>Whether stable could answer instead.</summary>
    public required bool CanFailOver { get; init; }

    /// <summary>The largest answer that is kept until it is complete, in bytes.</summary>
    public required int HeldAnswerBytes { get; init; }

    /// <summary>The pod's status code; 0 before it answered.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the pod's answer was thrown away.</summary>
    public bool WithheldAnswer { get; private set; }

    private bool MayWithhold => CanFailOver && Body.CanReplay;

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var rest = Rest.Span;
        var separator = rest.IsEmpty || rest[0] != '/' ? "/" : "";
        proxyRequest.RequestUri = new Uri(string.Concat(destinationPrefix, separator, rest), AsWritten);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Remove(LineageHeaders.RequestId);
        proxyRequest.Headers.TryAddWithoutValidation(LineageHeaders.RequestId, RequestId);
        if (Body.IsKept)
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
        Status = (int)proxyResponse.StatusCode;
        if (!MayWithhold)
        {
            return await CopyHeadersAsync(httpContext, proxyResponse, cancellationToken);
        }
        if (Status >= StatusCodes.Status500InternalServerError)
        {
            WithheldAnswer = true;
            return false;
        }
        if (HeldLength(httpContext, proxyResponse) is not { } length)
        {
            return await CopyHeadersAsync(httpContext, proxyResponse, cancellationToken);
        }
        await PassOnWhenCompleteAsync(httpContext, proxyResponse, length, cancellationToken);
        return false;
    }

    private async ValueTask<bool> CopyHeadersAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(context, response, cancellationToken);
        var headers = context.Response.Headers;
        headers[LineageHeaders.RequestId] = RequestId;
        Lineage.Complete(headers, Backend);
        return copyBody;
    }

    // A stream of unknown length is not held: its reader waits for the parts.
    private int? HeldLength(HttpContext context, HttpResponseMessage response) =>
        Status is >= StatusCodes.Status200OK and not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        && !HttpMethods.IsHead(context.Request.Method)
        && response.Content.Headers.ContentLength is > 0 and var length
        && length <= HeldAnswerBytes
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
