using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Compresses an answer for a caller that accepts it: gzip or deflate, whichever it prefers.</summary>
internal static class ResponseCompression
{
    /// <summary>Shorter answers fit into a packet as they are.</summary>
    private const int MinBytes = 1024;

    /// <returns>The encoding, or null to send the answer as it is.</returns>
    public static string? Choose(StringValues accepted, int length)
    {
        if (length < MinBytes || accepted.Count == 0 || !StringWithQualityHeaderValue.TryParseList(accepted, out var values))
        {
            return null;
        }
        var (gzip, deflate) = (Quality(values, "gzip"), Quality(values, "deflate"));
        return gzip >= deflate && gzip > 0 ? "gzip" : deflate > 0 ? "deflate" : null;
    }

    public static async Task WriteAsync(HttpResponse response, string encoding, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        response.Headers.ContentEncoding = encoding;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        await using Stream stream = encoding == "gzip"
            ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await stream.WriteAsync(answer, cancellationToken);
    }

    private static double Quality(IList<StringWithQualityHeaderValue> values, string encoding)
    {
        var named = values.FirstOrDefault(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            ?? values.FirstOrDefault(value => value.Value == "*");
        return named is null ? 0 : named.Quality ?? 1;
    }
}
