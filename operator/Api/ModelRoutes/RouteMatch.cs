using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRoutes;

/// <summary>A property of a request.</summary>
[ValidationRule("has(self.header) != has(self.cookie)", "give either header or cookie")]
public sealed class RouteMatch
{
    /// <summary>A header of the request; the name's case does not matter.</summary>
    [Length(1, 256)]
    public string? Header { get; set; }

    /// <summary>A cookie of the request.</summary>
    [Length(1, 256)]
    public string? Cookie { get; set; }

    /// <summary>The whole value, or an expression for the whole value.</summary>
    [Required]
    [Length(1, 256)]
    public string Value { get; set; } = "";

    /// <summary>How values are compared, as in the Gateway API; an expression cannot look around or back.</summary>
    [DefaultValue("Exact")]
    [EnumValues("Exact", "RegularExpression")]
    public string? Type { get; set; }
}
