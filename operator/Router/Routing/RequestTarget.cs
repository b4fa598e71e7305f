namespace ModelOperator.Router.Routing;

/// <summary>What a request asks for: a route, and what follows it in the request target.</summary>
/// <param name="Route">Null when there is none of that name.</param>
/// <param name="Rest">Path and query for the backend, exactly as the caller wrote them.</param>
internal readonly record struct RequestTarget(ModelRoute? Route, ReadOnlyMemory<char> Rest)
{
    // The longest DNS name.
    private const int MaxHostLength = 253;

    /// <summary>
    /// Reads a request. The host form, <c>name.namespace</c> with anything behind it, wins where such a route exists;
    /// else the path starts with <c>/namespace/name</c>. Works on the raw target, because decoding and encoding again
    /// would change what the model sees.
    /// </summary>
    public static RequestTarget Resolve(RouteTable table, ReadOnlySpan<char> host, string rawTarget)
    {
        var target = OriginForm(rawTarget);
        if (ByHost(table, host) is { } hosted)
        {
            return new RequestTarget(hosted, target);
        }

        var path = target.Span;
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        if (path.IsEmpty || path[0] != '/')
        {
            return default;
        }
        var first = path[1..].IndexOf('/') + 1;
        if (first < 1)
        {
            return default;
        }
        var second = path[(first + 1)..].IndexOf('/');
        var length = second < 0 ? path.Length : first + 1 + second;
        return table.TryFind(path[1..length], out var route) ? new RequestTarget(route, target[length..]) : default;
    }

    private static ModelRoute? ByHost(RouteTable table, ReadOnlySpan<char> host)
    {
        var port = host.LastIndexOf(':');
        host = port < 0 ? host : host[..port];
        var dot = host.IndexOf('.');
        if (dot < 1 || host.Length > MaxHostLength)
        {
            return null;
        }
        var name = host[..dot];
        var namespaceName = host[(dot + 1)..];
        var next = namespaceName.IndexOf('.');
        namespaceName = next < 0 ? namespaceName : namespaceName[..next];

        Span<char> key = stackalloc char[MaxHostLength];
        var written = namespaceName.ToLowerInvariant(key);
        key[written++] = '/';
        written += name.ToLowerInvariant(key[written..]);
        return table.TryFind(key[..written], out var route) ? route : null;
    }

    // "GET http://host/path HTTP/1.1" is legal; callers that take the router for a proxy send it.
    private static ReadOnlyMemory<char> OriginForm(string rawTarget)
    {
        if (rawTarget.StartsWith('/'))
        {
            return rawTarget.AsMemory();
        }
        var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return default;
        }
        var path = rawTarget.IndexOfAny(['/', '?'], authority + 3);
        return path < 0 ? default : rawTarget.AsMemory(path);
    }
}
