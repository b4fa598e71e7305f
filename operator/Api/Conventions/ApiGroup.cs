namespace ModelOperator.Api.Conventions;

/// <summary>The group and version that all kinds of the product share.</summary>
public static class ApiGroup
{
    public const string Name = "modeloperator.io";

    public const string Version = "v1alpha1";

    /// <summary>What stands in <c>apiVersion</c>.</summary>
    public const string ApiVersion = Name + "/" + Version;

    /// <summary>The field manager of everything that the operator writes.</summary>
    public const string FieldManager = "modeloperator";
}
