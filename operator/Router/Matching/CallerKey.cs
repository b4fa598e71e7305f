using System.Net;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Router.Splitting;

namespace ModelOperator.Router.Matching;

/// <summary>What a sticky route tells callers apart by.</summary>
internal sealed class CallerKey
{
    private readonly string? _header;
    private readonly string? _cookie;
    private readonly ulong _seed;

    private CallerKey(StickyBy by, string route)
    {
        _header = by.Header;
        _cookie = by.Cookie;
        // The callers that try one model's candidate first should not be the ones that try every model's.
        _seed = WeightedRendezvous.KeyOf(route);
    }

    /// <summary>Null: the route is not sticky.</summary>
    public static CallerKey? Create(StickyBy? by, string route) => by is null ? null : new CallerKey(by, route);

    /// <summary>The key of a request's caller; null when the request does not tell.</summary>
    public ulong? Of(IHeaderDictionary headers, IPAddress? client)
    {
        if (_header is not null)
        {
            return headers[_header] is [{ Length: > 0 } value] ? WeightedRendezvous.KeyOf(value, _seed) : null;
        }
        if (_cookie is not null)
        {
            return CookieHeader.TryFind(headers.Cookie, _cookie, out var cookie) && !cookie.IsEmpty
                ? WeightedRendezvous.KeyOf(cookie, _seed)
                : null;
        }
        if (client is null)
        {
            return null;
        }
        Span<char> text = stackalloc char[64];
        return client.TryFormat(text, out var length) ? WeightedRendezvous.KeyOf(text[..length], _seed) : null;
    }
}
