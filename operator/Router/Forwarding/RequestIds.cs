using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace ModelOperator.Router.Forwarding;

/// <summary>The identity of a request in everybody's logs.</summary>
internal static class RequestIds
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=@");

    /// <summary>The caller's own, when it is one; else a new one. What ends up in logs and headers is not anybody's to shape.</summary>
    public static string Of(StringValues header) =>
        header is [{ Length: > 0 and <= MaxLength } one] && !one.AsSpan().ContainsAnyExcept(Allowed) ? one : Guid.NewGuid().ToString();
}
