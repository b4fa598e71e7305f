using System.Net;
using Microsoft.Net.Http.Headers;
using ModelOperator.Router.Forwarding;

namespace ModelOperator.Router.Mirroring;

/// <summary>Makes the request that a candidate gets beside the caller's.</summary>
internal static class CopiedRequest
{
    /// <summary>Copies a request as it was sent to the other revision.</summary>
    /// <param name="call">The caller's, its body kept.</param>
    /// <param name="address">The pod's.</param>
    public static HttpRequestMessage Of(Call call, string address)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(call.Context.Request.Method), call.UriAt(address))
        {
            Version = call.IsGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(call.Body.Copy()),
        };
        foreach (var (name, values) in call.Context.Request.Headers)
        {
            if (name.StartsWith(':') || HopByHop.Contains(name))
            {
                continue;
            }
            string?[] copied = [.. values];
            if (!message.Headers.TryAddWithoutValidation(name, copied))
            {
                message.Content.Headers.TryAddWithoutValidation(name, copied);
            }
        }
        if (call.IsGrpc)
        {
            message.Headers.TE.ParseAdd("trailers");
        }
        return message;
    }

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Connection, HeaderNames.ContentLength, HeaderNames.Expect, HeaderNames.Host, HeaderNames.KeepAlive, HeaderNames.ProxyConnection,
        HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.Upgrade,
    };
}
