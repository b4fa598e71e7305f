using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.SampleClient;

/// <summary>gRPC without a library: a unary call is an HTTP/2 POST of one message behind a byte of flags and four of length.</summary>
internal sealed class GrpcDigitClient(HttpClient http, Uri server, string model) : IDigitClient
{
    private const int FrameHead = 5;

    public async Task<(long Label, float[] Probabilities)> ClassifyAsync(float[] pixels)
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { 1, pixels.Length } };
        var response = await CallAsync(new ModelInferRequest
        {
            ModelName = model,
            Inputs = { input },
            RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(pixels.AsSpan())) },
        });
        var outputs = response.Outputs.Zip(response.RawOutputContents).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        return (MemoryMarshal.Read<long>(outputs["label"].Span), MemoryMarshal.Cast<byte, float>(outputs["probabilities"].Span).ToArray());
    }

    private async Task<ModelInferResponse> CallAsync(ModelInferRequest message)
    {
        var frame = new byte[FrameHead + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FrameHead);
        message.WriteTo(frame.AsSpan(FrameHead));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.AbsoluteUri.TrimEnd('/')}/inference.GRPCInferenceService/ModelInfer")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));

        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        // A call that fails before its first message has its status in the headers.
        var headers = response.TrailingHeaders.Concat(response.Headers).ToLookup(header => header.Key, header => header.Value.First());
        if (headers["grpc-status"].FirstOrDefault() is not "0")
        {
            throw new HttpRequestException($"gRPC status {headers["grpc-status"].FirstOrDefault()}: {headers["grpc-message"].FirstOrDefault()}");
        }
        return ModelInferResponse.Parser.ParseFrom(answer.AsSpan(FrameHead));
    }
}
