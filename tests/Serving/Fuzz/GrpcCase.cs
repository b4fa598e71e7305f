namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>A call as it goes over the wire.</summary>
/// <param name="Headers">In their order, <c>:method</c> and its kind first.</param>
/// <param name="Body">What the DATA frames hold.</param>
/// <param name="SpoiltFrames">Whether HTTP/2 itself is broken: the frames are these bytes then, and the connection ends.</param>
/// <param name="Expected">Raw outputs, for a request that was left as it was.</param>
internal sealed record GrpcCase(List<(string Name, string Value)> Headers, byte[] Body, byte[]? SpoiltFrames, byte[][]? Expected);
