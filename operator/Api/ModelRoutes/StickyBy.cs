using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRoutes;

/// <summary>
/// What tells callers apart, so that one caller keeps its revision while the shares stand, and a growing share moves only
/// callers that it must. A request without it is split like any other.
/// </summary>
[ValidationRule(
    "(has(self.header) ? 1 : 0) + (has(self.cookie) ? 1 : 0) + (has(self.clientAddress) && self.clientAddress ? 1 : 0) == 1",
    "give one of header, cookie and clientAddress: true")]
public sealed class StickyBy
{
    /// <summary>A header of the request.</summary>
    [Length(1, 256)]
    public string? Header { get; set; }

    /// <summary>A cookie that the application sets; routers set none.</summary>
    [Length(1, 256)]
    public string? Cookie { get; set; }

    /// <summary>The caller's address: the connection's, or what a trusted proxy says it is.</summary>
    public bool? ClientAddress { get; set; }
}
