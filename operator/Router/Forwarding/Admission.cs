using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using ModelOperator.Router.Hosting;

namespace ModelOperator.Router.Forwarding;

/// <summary>What the router does not pass on to any pod.</summary>
internal static class Admission
{
    // Where the server keeps the length of a body that came with a transfer coding as well.
    private const string ContradictedLength = "X-Content-Length";

    /// <summary>Why a request is refused; null when it is not.</summary>
    public static (int Status, string Reason)? Refuse(HttpContext context, RouterOptions options)
    {
        var request = context.Request;
        if (HttpMethods.IsConnect(request.Method) || context.WebSockets.IsWebSocketRequest || AsksForWebSocket(request))
        {
            return (StatusCodes.Status501NotImplemented, "WebSockets and tunnels are not routed: use HTTP, server-sent events or gRPC");
        }
        if (HttpMethods.IsTrace(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "TRACE would show what proxies add to a request");
        }
        // RFC 9112 section 6.1: somebody on the way may read another end of the body than we do.
        if (request.Headers.ContainsKey(HeaderNames.TransferEncoding) && request.Headers.ContainsKey(ContradictedLength))
        {
            return (StatusCodes.Status400BadRequest, "a request has either a Content-Length or a Transfer-Encoding");
        }
        return request.ContentLength > options.MaxBodyBytes
            ? (StatusCodes.Status413PayloadTooLarge, $"the body has {request.ContentLength} bytes, the router takes {options.MaxBodyBytes}")
            : null;
    }

    /// <summary>Makes an offer to change the protocol an ordinary request, as a server may (RFC 9110 section 7.8).</summary>
    public static void DeclineUpgrade(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            context.Features.Set<IHttpUpgradeFeature>(null);
            context.Request.Headers.Remove(HeaderNames.Upgrade);
        }
    }

    private static bool AsksForWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);
}
