using System.Buffers;
using System.Text;
using Microsoft.Extensions.ObjectPool;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary><c>ModelInfer</c>: read, run, write.</summary>
internal sealed class GrpcInferHandler(
    ServingSettings settings,
    ModelSlot slot,
    InferenceOutcomes outcomes,
    ServingMetrics metrics,
    TimeProvider time,
    ObjectPool<InferMessage> messages)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(settings.Model.Name);
    private readonly byte[] _version = Encoding.UTF8.GetBytes(settings.Model.Version);
    private readonly InferMessageWriter _writer = new(settings.Model);

    public async Task HandleAsync(GrpcCall call)
    {
        try
        {
            await AnswerAsync(call);
            outcomes.Succeeded();
        }
        catch (Exception exception)
        {
            outcomes.Failed(exception, call.Http);
            throw;
        }
    }

    private async Task AnswerAsync(GrpcCall call)
    {
        var started = time.GetTimestamp();
        using var lease = Served.Rent(settings.Model, slot);
        var engine = lease.Engine;
        InferRequest request;
        string? encoding;
        using (var frame = await MessageFrame.ReadAsync(call, settings.MaxRequestBytes))
        {
            request = Read(frame.Message, engine.Signature);
            encoding = frame.Encoding;
        }
        using (request)
        {
            request.Inference.Arrived = started;
            request.Inference.Timeout = call.Timeout;
            using var span = ServingTraces.StartInference(settings.Model, request.Inference.BatchSize);
            using var result = await engine.RunAsync(request.Inference, call.Left);
            Write(call.Http.Response, request, result.Outputs, encoding);
        }
        metrics.Answered(time.GetElapsedTime(started));
        GrpcAnswer.Succeed(call.Http.Response);
    }

    private InferRequest Read(ReadOnlySequence<byte> bytes, ModelSignature signature)
    {
        var message = messages.Get();
        try
        {
            message.Parse(bytes, signature);
            CheckModel(message);
            return InferMessageReader.Read(message, signature);
        }
        finally
        {
            messages.Return(message);
        }
    }

    private void CheckModel(InferMessage message)
    {
        var nameFits = InferMessageReader.Is(message.ModelName, _name);
        if (!nameFits || !(message.ModelVersion.IsEmpty || InferMessageReader.Is(message.ModelVersion, _version)))
        {
            Served.Check(settings.Model, nameFits ? settings.Model.Name : Shown.Of(message.ModelName), Shown.Of(message.ModelVersion));
        }
    }

    private void Write(HttpResponse response, InferRequest request, ReadOnlySpan<OutputTensor> outputs, string? encoding)
    {
        var size = _writer.Size(request, outputs);
        if (size > Array.MaxLength)
        {
            throw new ProtocolException(
                StatusCodes.Status500InternalServerError, $"the answer is {size} bytes long, more than a message can be; request fewer outputs or items");
        }
        GrpcAnswer.Begin(response, encoding);
        if (encoding is null)
        {
            MessageFrame.WritePrefix(response.BodyWriter, false, (int)size);
            _writer.Write(response.BodyWriter, request, outputs);
            return;
        }
        var message = new ArrayBufferWriter<byte>((int)size);
        _writer.Write(message, request, outputs);
        GrpcAnswer.WriteCompressed(response, message.WrittenSpan, encoding);
    }
}
