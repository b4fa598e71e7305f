namespace ModelOperator.EndToEnd.Tests.Gateway;

/// <summary>What a pretended Gateway does with a route.</summary>
internal enum GatewayMood
{
    /// <summary>It takes in every version at once.</summary>
    Willing,

    /// <summary>It says nothing new.</summary>
    Silent,

    /// <summary>It says that all is well, of the version before.</summary>
    Stuck,

    /// <summary>Its listeners do not let the route in.</summary>
    Refusing,
}
