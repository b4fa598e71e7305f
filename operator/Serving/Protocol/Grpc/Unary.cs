using Google.Protobuf;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Calls of one small message each way.</summary>
internal static class Unary
{
    private const int MaxBytes = 64 * 1024;

    public static GrpcMethod Of<TRequest, TResponse>(MessageParser<TRequest> parser, Func<TRequest, TResponse> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        Of(parser, (request, _) => ValueTask.FromResult(answer(request)));

    public static GrpcMethod Of<TRequest, TResponse>(
        MessageParser<TRequest> parser, Func<TRequest, CancellationToken, ValueTask<TResponse>> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        async call =>
        {
            var (request, encoding) = await ReadAsync(call, parser);
            GrpcAnswer.Write(call.Http.Response, await answer(request, call.Left), encoding);
            GrpcAnswer.Succeed(call.Http.Response);
        };

    public static async ValueTask<(TRequest Request, string? Encoding)> ReadAsync<TRequest>(GrpcCall call, MessageParser<TRequest> parser)
        where TRequest : IMessage<TRequest>
    {
        using var frame = await MessageFrame.ReadAsync(call, MaxBytes);
        try
        {
            return (parser.ParseFrom(frame.Message), frame.Encoding);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw WireReader.Malformed(failure.Message);
        }
    }
}
