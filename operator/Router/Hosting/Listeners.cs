namespace ModelOperator.Router.Hosting;

/// <summary>Names of the router's listeners.</summary>
internal static class Listeners
{
    public const string Http = "http";
    public const string Grpc = "grpc";
    public const string Metrics = "metrics";
    public const string Health = "health";
}
