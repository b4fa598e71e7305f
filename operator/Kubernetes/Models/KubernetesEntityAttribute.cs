namespace ModelOperator.Kubernetes.Models;

/// <summary>Says where the API serves a type.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KubernetesEntityAttribute : Attribute
{
    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; set; } = "";

    /// <summary>The version inside the group, for example <c>v1</c>.</summary>
    public string ApiVersion { get; set; } = "v1";

    /// <summary>The kind.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The plural used in paths, in lower case.</summary>
    public string PluralName { get; set; } = "";
}
