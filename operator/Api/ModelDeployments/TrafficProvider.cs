namespace ModelOperator.Api.ModelDeployments;

/// <summary>What moves the traffic.</summary>
public enum TrafficProvider
{
    /// <summary>The product's own routers.</summary>
    Router,

    /// <summary>A Gateway of whichever implementation of the Gateway API.</summary>
    GatewayAPI,
}
