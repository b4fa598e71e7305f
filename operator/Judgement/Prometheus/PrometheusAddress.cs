using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.Judgement.Prometheus;

/// <summary>Reads addresses of Prometheus servers.</summary>
internal static class PrometheusAddress
{
    /// <summary>An absolute http(s) URI; a path is kept as a prefix of the API's.</summary>
    /// <param name="text">As a user wrote it.</param>
    /// <param name="address">The address, ending in a slash.</param>
    /// <param name="problem">What is wrong with it. Never quotes the text, which may hold a password.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            problem = "is no http or https address such as http://prometheus.monitoring:9090";
            return false;
        }

        if (uri.UserInfo.Length > 0)
        {
            problem = "holds credentials, which everyone who can read the policy would see; leave them out";
            return false;
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            problem = "holds a query or fragment; end it with the path under which Prometheus serves its API";
            return false;
        }

        address = uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
        problem = null;
        return true;
    }
}
