using Microsoft.Extensions.Primitives;

namespace ModelOperator.Router.Matching;

/// <summary>Reads a cookie as the caller wrote it: what is compared or hashed is not decoded.</summary>
internal static class CookieHeader
{
    /// <summary>Finds a cookie; the first one where there are several (RFC 6265 section 5.4: the more specific path).</summary>
    public static bool TryFind(StringValues headers, string name, out ReadOnlySpan<char> value)
    {
        foreach (var header in headers)
        {
            foreach (var range in header.AsSpan().Split(';'))
            {
                var pair = header.AsSpan(range).Trim();
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                {
                    value = pair[(name.Length + 1)..];
                    return true;
                }
            }
        }
        value = default;
        return false;
    }
}
