using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Where a webhook listens and whom to trust there.</summary>
/// <param name="Url">The address; of a service, with its in-cluster name as host.</param>
/// <param name="Service">The service to connect to instead of resolving the host; null for a plain URL.</param>
/// <param name="AuthorityPem">Certificates that may have signed the webhook's; empty: the system's.</param>
internal sealed record WebhookEndpoint(Uri Url, WebhookService? Service, string AuthorityPem)
{
    public static WebhookEndpoint Of(JsonObject clientConfig)
    {
        var authority = clientConfig.StringAt("caBundle") is { Length: > 0 } bundle ? Encoding.ASCII.GetString(Convert.FromBase64String(bundle)) : "";
        if (clientConfig.ObjectAt("service") is not { } reference)
        {
            return new WebhookEndpoint(new Uri(clientConfig.StringAt("url")!), null, authority);
        }

        var service = new WebhookService(reference.StringAt("namespace") ?? "", reference.StringAt("name") ?? "", (int)(reference.IntegerAt("port") ?? 443));
        var url = new UriBuilder("https", $"{service.Name}.{service.Namespace}.svc", service.Port, reference.StringAt("path") ?? "/").Uri;
        return new WebhookEndpoint(url, service, authority);
    }
}
