using System.Net;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>What an error says about the version asked for and about the server.</summary>
internal static class ReflectorErrors
{
    /// <summary>The version is too old, or newer than this server knows: 410, or a cause or text saying so.</summary>
    public static bool RefusesVersion(Exception error) =>
        error is KubernetesException refusal && (refusal.IsExpired || IsTooLarge(refusal));

    /// <summary>The server does not send initial objects through a watch, or not to this client.</summary>
    public static bool RefusesStream(Exception error) => error is KubernetesException
    {
        StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden
            or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed,
    };

    /// <summary>The cluster has no such kind, or this client may not list it.</summary>
    public static bool IsRefused(Exception error) =>
        error is KubernetesException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Forbidden };

    /// <summary>Nothing was answered, or that there is too much to do. A list would be refused too, and costs more.</summary>
    public static bool IsBusyOrUnreachable(Exception error) =>
        error is HttpRequestException or TimeoutException or KubernetesException { StatusCode: HttpStatusCode.TooManyRequests };

    /// <summary>What came is not the API's: cut or foreign JSON, or none at all. InvalidDataException is not an IOException.</summary>
    public static bool IsGarbage(Exception error) =>
        error is InvalidDataException or KubernetesException { StatusCode: HttpStatusCode.OK };

    private static bool IsTooLarge(KubernetesException refusal) =>
        refusal.Status.Details?.Causes?.Any(cause => cause.Reason == "ResourceVersionTooLarge") == true
        || refusal.Message.Contains("Too large resource version", StringComparison.Ordinal);
}
