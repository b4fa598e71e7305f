using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRoutes;

/// <summary>One revision that may get requests.</summary>
public sealed class RouteBackend
{
    /// <summary>The ModelRevision's name.</summary>
    [Required]
    public string Revision { get; set; } = "";

    /// <summary>The Service whose EndpointSlices name its pods.</summary>
    [Required]
    public string Service { get; set; } = "";

    /// <summary>Name of the port in the EndpointSlices.</summary>
    [DefaultValue("http")]
    public string? Port { get; set; }

    /// <summary>Stable or Candidate.</summary>
    [Required]
    [EnumValues("Stable", "Candidate")]
    public string Role { get; set; } = "Stable";

    /// <summary>Percent of the requests.</summary>
    [Required]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int Weight { get; set; }

    /// <summary>Requests with one of these go to this revision while it is ready, whatever its weight.</summary>
    [Items(0, 16)]
    public IList<RouteMatch>? Match { get; set; }

    /// <summary>
    /// Percent of the other revisions' requests that this one gets a copy of. Nobody waits for its answers, which are
    /// compared with those that callers got.
    /// </summary>
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int? Mirror { get; set; }

    /// <summary>The version label, told in answers.</summary>
    public string? Version { get; set; }

    /// <summary>SHA-256 of the bytes, told in answers.</summary>
    public string? Digest { get; set; }
}
