namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status, or 0 when the connection was closed without one.</param>
/// <param name="Call">The status of a gRPC call; -1 without one.</param>
/// <param name="Json">The length of the JSON, where raw tensors follow it.</param>
/// <param name="Body">The body, decompressed.</param>
internal sealed record FuzzReply(int Status, int Call, int? Json, byte[] Body);
