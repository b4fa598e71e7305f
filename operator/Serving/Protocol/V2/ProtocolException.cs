namespace ModelOperator.Serving.Protocol.V2;

/// <summary>A request that cannot be answered as it is; the message goes to the caller.</summary>
internal sealed class ProtocolException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static ProtocolException Invalid(string message) => new(StatusCodes.Status400BadRequest, message);

    public static ProtocolException NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    public static ProtocolException NotReady(string message) => new(StatusCodes.Status503ServiceUnavailable, message);

    public static ProtocolException TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, $"the request body is larger than {limit} bytes, the most that is taken");
}
