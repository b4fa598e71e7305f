using System.Text;
using Microsoft.Net.Http.Headers;
using ModelOperator.Api.Conventions;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>The names of headers as texts, without making a new one for those that most answers have.</summary>
internal static class AnswerHeaderNames
{
    private static readonly string[] Common =
    [
        HeaderNames.CacheControl, HeaderNames.Connection, HeaderNames.ContentEncoding, HeaderNames.ContentLength, HeaderNames.ContentType,
        HeaderNames.Date, HeaderNames.ETag, HeaderNames.KeepAlive, HeaderNames.LastModified, HeaderNames.Server, HeaderNames.SetCookie,
        HeaderNames.TransferEncoding, HeaderNames.Vary,
        LineageHeaders.RequestId, LineageHeaders.Revision, LineageHeaders.Version, LineageHeaders.Digest,
    ];

    private static readonly string[][] ByLength =
        [.. Enumerable.Range(0, Common.Max(name => name.Length) + 1).Select(length => Common.Where(name => name.Length == length).ToArray())];

    /// <summary>The text of a name.</summary>
    public static string Of(ReadOnlySpan<byte> name)
    {
        if (name.Length < ByLength.Length)
        {
            foreach (var common in ByLength[name.Length])
            {
                if (Ascii.EqualsIgnoreCase(name, common))
                {
                    return common;
                }
            }
        }
        return Encoding.ASCII.GetString(name);
    }
}
