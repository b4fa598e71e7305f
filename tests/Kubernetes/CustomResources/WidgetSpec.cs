using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>What a widget is.</summary>
[ValidationRule("self.count > 0", "count must be positive", FieldPath = ".count")]
public sealed class WidgetSpec
{
    /// <summary>How many; see <see cref="Names"/>.</summary>
    [Required]
    [RangeMinimum(1)]
    [RangeMaximum(2.5)]
    [DefaultValue(1)]
    public long? Count { get; set; }

    [Length(0, 10)]
    [Pattern("^a+$")]
    [Items(0, 3)]
    [XListType("set")]
    public IList<string>? Names { get; set; }

    [PropertyLimits(0, 5)]
    public IDictionary<string, int>? Ports { get; set; }

    public IntstrIntOrString? Port { get; set; }

    public DateTime? At { get; set; }

    public double? Ratio { get; set; }

    [EnumValues("A", "B")]
    public string? Choice { get; set; }

    [XListMapKeys("name")]
    public IList<V1EnvVar>? Env { get; set; }

    [PreserveUnknownFields]
    public V1EnvVar? Opaque { get; set; }
}
