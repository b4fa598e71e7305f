using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>What a resource path names.</summary>
internal sealed record ResourcePath(ResourceKind Kind, string? Namespace, string? Name, string? Subresource, string? Rest)
{
    /// <summary>Reads <c>/api/v1/...</c> and <c>/apis/GROUP/VERSION/...</c>; null when no served resource has that path.</summary>
    public static ResourcePath? Parse(PathString path, KindRegistry kinds)
    {
        var segments = (path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, rest) = segments switch
        {
            ["api", var v, .. var tail] => ("", v, tail),
            ["apis", var g, var v, .. var tail] => (g, v, tail),
            _ => ("", "", (string[])[]),
        };
        if (rest.Length == 0)
        {
            return null;
        }

        // namespaces/NAME/PLURAL... is a path into a namespace unless PLURAL is a subresource of the namespace itself.
        string? ns = null;
        if (rest is ["namespaces", var space, var plural, ..] && plural is not ("status" or "finalize"))
        {
            ns = space;
            rest = rest[2..];
        }

        if (kinds.Find(group, version, rest[0]) is not { } kind || (ns is not null && !kind.Namespaced))
        {
            return null;
        }

        var name = rest.Length > 1 ? rest[1] : null;
        if (name is not null && kind.Namespaced && ns is null)
        {
            return null;
        }

        return new ResourcePath(kind, ns, name, rest.Length > 2 ? rest[2] : null, rest.Length > 3 ? string.Join('/', rest[3..]) : null);
    }
}
