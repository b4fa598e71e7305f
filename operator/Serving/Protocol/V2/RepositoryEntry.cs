namespace ModelOperator.Serving.Protocol.V2;

/// <summary>An element of the answer of <c>POST /v2/repository/index</c>.</summary>
/// <param name="State"><c>READY</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready; else empty.</param>
internal sealed record RepositoryEntry(string Name, string Version, string State, string Reason);
