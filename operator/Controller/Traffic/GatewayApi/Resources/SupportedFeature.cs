namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>A feature beyond the core that an implementation has.</summary>
internal sealed class SupportedFeature
{
    public const string RequestMirror = "HTTPRouteRequestMirror";
    public const string RequestPercentageMirror = "HTTPRouteRequestPercentageMirror";
    public const string PathRewrite = "HTTPRoutePathRewrite";

    public string Name { get; set; } = "";
}
