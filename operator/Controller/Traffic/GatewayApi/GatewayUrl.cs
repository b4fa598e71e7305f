using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Works out where clients reach a model through a Gateway.</summary>
internal static class GatewayUrl
{
    /// <summary>The URL; null when the Gateway has no address yet and no name is known.</summary>
    public static string? Of(V1Alpha1ModelDeployment deployment, V1Gateway? gateway)
    {
        var traffic = deployment.Spec.Traffic;
        var listener = gateway?.Spec.Listeners.FirstOrDefault(listener =>
            listener.Protocol is "HTTP" or "HTTPS" && (traffic?.GatewayRef?.SectionName ?? listener.Name) == listener.Name);
        if (listener is null)
        {
            return null;
        }

        var isShared = traffic?.Hostnames is not { Count: > 0 };
        var host = traffic?.Hostnames?.FirstOrDefault(IsName)
            ?? (listener.Hostname is { } name && IsName(name) ? name : null)
            ?? (gateway!.Status.Addresses?.FirstOrDefault()?.Value is { Length: > 0 } address ? Bracketed(address) : null);
        var isSecure = listener.Protocol == "HTTPS";
        var port = listener.Port == (isSecure ? 443 : 80) ? "" : $":{listener.Port}";
        return host is null ? null : $"{(isSecure ? "https" : "http")}://{host}{port}{(isShared ? HttpRouteBuilder.PathOf(deployment) : "")}";
    }

    private static bool IsName(string host) => host.Length > 0 && !host.StartsWith("*.", StringComparison.Ordinal);

    private static string Bracketed(string address) => address.Contains(':') ? $"[{address}]" : address;
}
