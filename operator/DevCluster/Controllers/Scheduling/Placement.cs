namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Where a pod goes: a node, or nowhere and why.</summary>
internal readonly record struct Placement(string? NodeName, string Message);
