using System.IO.Compression;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Http;

internal static class ResponseWriter
{
    // As kube-apiserver does: smaller bodies are not worth it.
    private const int CompressFrom = 128 * 1024;

    public static Task WriteAsync(HttpContext context, int status, JsonNode body, string contentType = "application/json") =>
        WriteAsync(context, status, JsonText.Utf8(body), contentType);

    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> bytes, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        if (bytes.Length >= CompressFrom && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers.Vary = "Accept-Encoding";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    public static void AddWarnings(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct())
        {
            var text = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ");
            context.Response.Headers.Append("Warning", $"299 - \"{text}\"");
        }
    }
}
