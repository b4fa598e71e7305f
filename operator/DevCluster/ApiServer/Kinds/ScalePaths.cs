namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>Where the scale subresource reads and writes, as paths such as <c>.spec.replicas</c>.</summary>
/// <param name="SpecReplicas">The replicas wanted.</param>
/// <param name="StatusReplicas">The replicas that exist.</param>
/// <param name="LabelSelector">The selector: a string in status or, for built-in kinds, a LabelSelector in spec.</param>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);
