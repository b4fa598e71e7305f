using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Discovery;

/// <summary>What is served: <c>/api</c>, <c>/apis</c> and below, one by one or all at once (aggregated discovery).</summary>
internal sealed class DiscoveryEndpoint(KindRegistry kinds)
{
    private const string Aggregated = "as=APIGroupDiscoveryList";

    /// <returns>False when the path is not one of discovery.</returns>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var segments = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonObject? answer = segments switch
        {
            [] => DiscoveryDocuments.Paths(kinds.Kinds),
            ["api"] or ["apis"] => null,
            ["api", "v1"] => DiscoveryDocuments.Resources(kinds.Kinds, "", "v1"),
            ["apis", var group] => kinds.Kinds.Any(kind => kind.Group == group) ? DiscoveryDocuments.Group(kinds.Kinds, group) : throw ApiErrors.PageNotFound(),
            ["apis", var group, var version] when kinds.HasGroupVersion(group, version) => DiscoveryDocuments.Resources(kinds.Kinds, group, version),
            ["apis", var group, _] => throw (kinds.Kinds.Any(kind => kind.Group == group) ? ApiErrors.PathNotFound() : ApiErrors.PageNotFound()),
            _ => [],
        };
        if (answer is { Count: 0 })
        {
            return false;
        }

        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (answer is not null)
        {
            await ResponseWriter.WriteAsync(context, 200, answer);
            return true;
        }

        var core = segments[0] == "api";
        var served = kinds.Kinds.Where(kind => (kind.Group.Length == 0) == core).ToList();
        if (AggregatedVersion(context.Request) is { } aggregated)
        {
            context.Response.Headers.Vary = "Accept";
            var contentType = $"application/json;g=apidiscovery.k8s.io;v={aggregated};as=APIGroupDiscoveryList";
            var bytes = JsonText.Utf8(DiscoveryDocuments.Aggregated(served, aggregated));
            var tag = $"\"{Convert.ToHexString(SHA512.HashData(bytes))}\"";
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
            }
            else
            {
                await ResponseWriter.WriteAsync(context, 200, bytes, contentType);
            }

        }
        else
        {
            await ResponseWriter.WriteAsync(context, 200, core ? DiscoveryDocuments.CoreVersions(context.Request.Host.Value) : DiscoveryDocuments.Groups(served));
        }

        return true;
    }

    private static string? AggregatedVersion(HttpRequest request)
    {
        foreach (var clause in request.Headers.Accept.ToString().Split(','))
        {
            if (clause.Contains(Aggregated, StringComparison.Ordinal) && clause.Trim().StartsWith("application/json", StringComparison.Ordinal))
            {
                return clause.Contains("v=v2beta1", StringComparison.Ordinal) ? "v2beta1" : "v2";
            }
        }

        return null;
    }
}
