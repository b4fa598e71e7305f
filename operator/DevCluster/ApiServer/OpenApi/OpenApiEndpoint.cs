using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.OpenApi;

/// <summary><c>/openapi/v3</c>, its documents, and <c>/openapi/v2</c>.</summary>
internal sealed class OpenApiEndpoint(KindRegistry kinds)
{
    /// <returns>False when the path is not one of OpenAPI.</returns>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/');
        if (!path.StartsWith("/openapi/", StringComparison.Ordinal))
        {
            return false;
        }

        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        switch (path)
        {
            case "/openapi/v2":
                await WriteVersion2Async(context);
                break;
            case "/openapi/v3":
                await ResponseWriter.WriteAsync(context, 200, OpenApiDocuments.Index(kinds.Kinds, kinds.Version));
                break;
            default:
                var group = path["/openapi/v3/".Length..];
                var served = kinds.Kinds.Where(kind => OpenApiDocuments.PathOf(kind) == group).ToList();
                if (served.Count == 0)
                {
                    throw ApiErrors.PathNotFound();
                }

                if (context.Request.Query.ContainsKey("hash"))
                {
                    context.Response.Headers.CacheControl = "public, immutable";
                }

                await ResponseWriter.WriteAsync(context, 200, OpenApiDocuments.Version3(served));
                break;
        }

        return true;
    }

    private Task WriteVersion2Async(HttpContext context)
    {
        var document = OpenApiDocuments.Version2([.. kinds.Kinds]);
        var wantsProtobuf = context.Request.Headers.Accept.ToString().Contains("com.github.proto-openapi.spec.v2", StringComparison.Ordinal);
        if (!wantsProtobuf)
        {
            return ResponseWriter.WriteAsync(context, 200, document);
        }

        context.Response.ContentType = OpenApiProtobuf.MediaType;
        return context.Response.Body.WriteAsync(OpenApiProtobuf.Write(document), context.RequestAborted).AsTask();
    }
}
