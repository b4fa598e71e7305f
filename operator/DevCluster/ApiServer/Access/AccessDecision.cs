namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Whether something is allowed, and which rule says so.</summary>
internal readonly record struct AccessDecision(bool Allowed, string Reason);
