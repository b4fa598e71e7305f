using System.Buffers;
using System.Net;
using Microsoft.Net.Http.Headers;
using ModelOperator.Api.Conventions;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// Makes a caller's headers those that a pod may see: nothing that is meant for this connection only, nothing about who
/// the caller is that the caller says itself, one request id, and a trace context that is one.
/// </summary>
internal static class CallerHeaders
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string ForwardedHost = "X-Forwarded-Host";

    private static readonly string[] SaidByProxies =
        [ForwardedFor, ForwardedProto, ForwardedHost, "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded"];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // Naming them in Connection would change what the request is.
    private static readonly HashSet<string> NeverOfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.ContentType, HeaderNames.TransferEncoding, "close", "keep-alive",
    };

    /// <summary>Rewrites the headers of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="trusted">The networks of proxies whose word about the caller counts; none by default.</param>
    /// <returns>The caller's address: the connection's, or the last one that a trusted proxy did not add for another.</returns>
    public static IPAddress? Prepare(HttpContext context, string requestId, IReadOnlyList<IPNetwork> trusted)
    {
        var request = context.Request;
        var headers = request.Headers;
        RemoveNamed(headers);
        headers[LineageHeaders.RequestId] = requestId;
        if (headers.TraceParent is { Count: > 0 } parent && !(parent.Count == 1 && IsTraceParent(parent[0])))
        {
            // A context that cannot be read is started over by whoever reads next (W3C Trace Context, section 3.3).
            headers.Remove(HeaderNames.TraceParent);
            headers.Remove(HeaderNames.TraceState);
        }

        var peer = Plain(context.Connection.RemoteIpAddress);
        var client = peer;
        if (peer is not null && IsTrusted(peer, trusted))
        {
            client = LastUntrusted(headers[ForwardedFor].ToString(), trusted) ?? peer;
            headers.Append(ForwardedFor, peer.ToString());
        }
        else
        {
            foreach (var name in SaidByProxies)
            {
                headers.Remove(name);
            }
            headers[ForwardedFor] = peer?.ToString() ?? "unknown";
        }
        headers.TryAdd(ForwardedProto, request.Scheme);
        headers.TryAdd(ForwardedHost, request.Host.Value);
        return client;
    }

    /// <summary>Whether a text is a <c>traceparent</c>: version, trace id, parent id and flags in lower-case hexadecimal.</summary>
    public static bool IsTraceParent(ReadOnlySpan<char> text) =>
        text.Length >= 55
        && (text.Length == 55 || (text[..2] is not "00" && text[55] == '-'))
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text[..2]) && text[..2] is not "ff"
        && IsHex(text[3..35]) && text[3..35].ContainsAnyExcept('0')
        && IsHex(text[36..52]) && text[36..52].ContainsAnyExcept('0')
        && IsHex(text[53..55]);

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);

    // RFC 9110 section 7.6.1.
    private static void RemoveNamed(IHeaderDictionary headers)
    {
        foreach (var value in headers.Connection)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var name = value.AsSpan(range).Trim().ToString();
                if (name.Length > 0 && !NeverOfTheConnection.Contains(name))
                {
                    headers.Remove(name);
                }
            }
        }
    }

    private static IPAddress? LastUntrusted(string forwardedFor, IReadOnlyList<IPNetwork> trusted)
    {
        IPAddress? last = null;
        foreach (var part in forwardedFor.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (!IPAddress.TryParse(part, out var address))
            {
                return last;
            }
            last = Plain(address);
            if (!IsTrusted(last!, trusted))
            {
                return last;
            }
        }
        return last;
    }

    private static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        for (var i = 0; i < trusted.Count; i++)
        {
            if (trusted[i].Contains(address))
            {
                return true;
            }
        }
        return false;
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
