namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>A subresource as discovery lists it.</summary>
internal sealed record Subresource(string Name, string Group, string Version, string Kind, IReadOnlyList<string> Verbs);
