using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>Tells which headers go through the router: those that are not about one connection (RFC 9110 section 7.6.1).</summary>
internal static class EndToEndHeaders
{
    // The same as YARP's, which forwards the other requests.
    private static readonly FrozenSet<string> OfTheConnection = new[]
    {
        HeaderNames.Connection, HeaderNames.TransferEncoding, HeaderNames.KeepAlive, HeaderNames.Upgrade, HeaderNames.ProxyConnection,
        HeaderNames.ProxyAuthenticate, "Proxy-Authentication-Info", HeaderNames.ProxyAuthorization, "Proxy-Features", "Proxy-Instruction",
        "Security-Scheme", "ALPN", "Close", "HTTP2-Settings", HeaderNames.UpgradeInsecureRequests, HeaderNames.TE, HeaderNames.AltSvc,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Host and length are the pod's own; a body that is kept has been continued, and has lost its trailers.
    private static readonly FrozenSet<string> NotSent = OfTheConnection
        .Concat([HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.Expect, HeaderNames.Trailer])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header of a request is sent to the pod as it is.</summary>
    public static bool IsSent(string name) => !NotSent.Contains(name) && !name.StartsWith(':');

    /// <summary>Whether a header of an answer is passed on to the caller.</summary>
    public static bool IsPassedOn(string name) => !OfTheConnection.Contains(name);
}
