using System.Net;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>The API server refused a request.</summary>
public sealed class KubernetesException(HttpStatusCode statusCode, V1Status status)
    : Exception(status.Message ?? $"the Kubernetes API answered {(int)statusCode}")
{
    /// <summary>The HTTP status code.</summary>
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>What the server said.</summary>
    public V1Status Status { get; } = status;

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    public bool IsAlreadyExists => StatusCode == HttpStatusCode.Conflict && Status.Reason == "AlreadyExists";

    public bool IsConflict => StatusCode == HttpStatusCode.Conflict && Status.Reason != "AlreadyExists";

    /// <summary>The resource version is too old to continue from (410).</summary>
    public bool IsExpired => StatusCode == HttpStatusCode.Gone;

    /// <summary>The object breaks a rule (422); <see cref="V1StatusDetails.Causes"/> names the fields.</summary>
    public bool IsInvalid => StatusCode == HttpStatusCode.UnprocessableEntity;

    /// <summary>The server asks to slow down (429), or a disruption budget keeps a pod from being evicted.</summary>
    public bool IsTooManyRequests => StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>The client is known and may not do this (403).</summary>
    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    /// <summary>The server does not know who asks (401).</summary>
    public bool IsUnauthorized => StatusCode == HttpStatusCode.Unauthorized;
}
