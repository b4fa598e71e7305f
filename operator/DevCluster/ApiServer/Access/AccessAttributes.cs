using ModelOperator.DevCluster.ApiServer.Http;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>What someone wants to do: a verb on a resource, or on a path that is none.</summary>
internal sealed record AccessAttributes(UserInfo User, string Verb)
{
    public string Group { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>Empty: cluster-wide, or in all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Empty: no one object.</summary>
    public string Name { get; init; } = "";

    /// <summary>A path outside the resources; null for resources.</summary>
    public string? Path { get; init; }

    /// <summary>The resource as rules name it: <c>pods/log</c>.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static AccessAttributes Of(UserInfo user, HttpRequest request, ResourcePath path)
    {
        var verb = VerbOf(request, path);
        return new AccessAttributes(user, verb)
        {
            Group = path.Kind.Group,
            Resource = path.Kind.Plural,
            Subresource = path.Subresource ?? "",
            Namespace = path.Namespace ?? (path.Kind.Plural == "namespaces" ? path.Name : null) ?? "",
            Name = path.Name ?? NameOfSelector(request, verb),
        };
    }

    private static string VerbOf(HttpRequest request, ResourcePath path) => request.Method switch
    {
        "GET" or "HEAD" when request.Query["watch"] == "true" || request.Query["watch"] == "1" => "watch",
        "GET" or "HEAD" => path.Name is null ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.Name is null ? "deletecollection" : "delete",
        var other => other.ToLowerInvariant(),
    };

    // Who may see one object may also list and watch just that one.
    private static string NameOfSelector(HttpRequest request, string verb)
    {
        if (verb is not ("list" or "watch" or "deletecollection") || request.Query["fieldSelector"].FirstOrDefault() is not { Length: > 0 } text)
        {
            return "";
        }

        const string ByName = "metadata.name=";
        return text.Split(',').Select(part => part.Replace("==", "=", StringComparison.Ordinal))
            .FirstOrDefault(part => part.StartsWith(ByName, StringComparison.Ordinal))?[ByName.Length..] ?? "";
    }
}
