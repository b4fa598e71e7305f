namespace ModelOperator.Api.Conventions;

/// <summary>Labels of the objects that the operator owns.</summary>
public static class LabelNames
{
    public const string AppName = "app.kubernetes.io/name";
    public const string AppInstance = "app.kubernetes.io/instance";
    public const string AppVersion = "app.kubernetes.io/version";
    public const string AppComponent = "app.kubernetes.io/component";
    public const string AppPartOf = "app.kubernetes.io/part-of";
    public const string AppManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>The ModelDeployment that an object belongs to.</summary>
    public const string Deployment = ApiGroup.Name + "/deployment";

    /// <summary>The ModelRevision that an object belongs to.</summary>
    public const string Revision = ApiGroup.Name + "/revision";

    /// <summary>What the object does for it: <c>model</c>, <c>router</c>, <c>operator</c>.</summary>
    public const string Role = ApiGroup.Name + "/role";

    /// <summary>Kubernetes' own label that ties an EndpointSlice to its Service.</summary>
    public const string ServiceName = "kubernetes.io/service-name";
}
