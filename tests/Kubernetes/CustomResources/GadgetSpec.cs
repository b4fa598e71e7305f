using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>What a gadget is.</summary>
[ValidationRule(
    "self.replicas > 0", "replicas must be positive", MessageExpression = "'replicas is ' + string(self.replicas)", Reason = "FieldValueForbidden", FieldPath = ".replicas")]
public sealed class GadgetSpec
{
    [AdditionalPrinterColumn]
    public string? Color { get; set; }

    [RangeMinimum(0, exclusiveMinimum: true)]
    [RangeMaximum(10, exclusiveMaximum: true)]
    [MultipleOf(2)]
    [AdditionalPrinterColumn(1, "Size")]
    public int? Replicas { get; set; }

    [EmbeddedResource]
    [PreserveUnknownFields]
    public JsonObject? Template { get; set; }

    [XMapType("atomic")]
    public V1LocalObjectReference? Reference { get; set; }

    public V1ResourceRequirements? Resources { get; set; }

    public IDictionary<string, IList<string>>? Groups { get; set; }

    public IList<DateTime>? Times { get; set; }

    [Entities.Attributes.Ignore]
    public Uri? Cached { get; set; }

    public GadgetBox? Box { get; set; }
}
