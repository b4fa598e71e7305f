using Google.Protobuf;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Grpc;

/// <summary>What a call came to.</summary>
/// <param name="Status">gRPC's status code; 0 is success.</param>
/// <param name="StatusMessage">Its message.</param>
/// <param name="Message">The answer, when there was one.</param>
internal sealed record GrpcAnswer<T>(int Status, string? StatusMessage, T? Message)
    where T : class, IMessage
{
    /// <exception cref="NonConformanceException">The call failed.</exception>
    public T Success()
    {
        Expect.True(Status == 0 && Message is not null, $"the call ended with status {Status} ({StatusMessage}), expected 0 (OK) and a message");
        return Message!;
    }

    /// <exception cref="NonConformanceException">The call succeeded, or failed otherwise than expected.</exception>
    /// <param name="expected">The status codes that will do.</param>
    public void Error(params ReadOnlySpan<int> expected) => Expect.True(
        expected.Contains(Status), $"the call ended with status {Status} ({StatusMessage}), expected {string.Join(" or ", expected.ToArray())}");
}
