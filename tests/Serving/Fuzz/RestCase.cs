namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>A request as it goes over the wire.</summary>
/// <param name="Bytes">Head and body.</param>
/// <param name="Framed">Whether its length is as it says, so that the connection goes on after it.</param>
/// <param name="Expected">The body of the answer, for a request that was left as it was.</param>
internal sealed record RestCase(byte[] Bytes, bool Framed, byte[]? Expected);
