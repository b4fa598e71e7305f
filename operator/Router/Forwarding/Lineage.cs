using ModelOperator.Api.Conventions;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>Which version, of which bytes, gave an answer.</summary>
internal static class Lineage
{
    /// <summary>Adds what the pod did not say itself: what it says is what it loaded, the route only what was asked for.</summary>
    public static void Complete(IHeaderDictionary headers, Backend backend)
    {
        headers.TryAdd(LineageHeaders.Revision, backend.Revision);
        if (backend.Version is { Length: > 0 } version)
        {
            headers.TryAdd(LineageHeaders.Version, version);
        }
        if (backend.Digest is { Length: > 0 } digest)
        {
            headers.TryAdd(LineageHeaders.Digest, digest);
        }
    }
}
