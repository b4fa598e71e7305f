using System.Net.Http.Headers;

namespace ModelOperator.Kubernetes.Client;

/// <summary>The headers that tell who asks.</summary>
internal static class RequestHeaders
{
    /// <summary>The user whose place is taken, by the headers that the API server defines.</summary>
    public static void Impersonate(HttpRequestHeaders headers, Impersonation impersonation)
    {
        headers.TryAddWithoutValidation("Impersonate-User", impersonation.UserName);
        if (impersonation.Uid is { } uid)
        {
            headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        }

        foreach (var group in impersonation.Groups)
        {
            headers.TryAddWithoutValidation("Impersonate-Group", group);
        }

        foreach (var (key, values) in impersonation.Extra)
        {
            // Keys may hold what a header name must not; the server unescapes and lowers them.
            headers.TryAddWithoutValidation("Impersonate-Extra-" + Uri.EscapeDataString(key), values);
        }
    }
}
