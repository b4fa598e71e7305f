using System.Globalization;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>POST .../infer: read, run, write.</summary>
internal sealed class InferHandler(
    ServingSettings settings,
    ModelSlot model,
    InferenceOutcomes outcomes,
    ServingMetrics metrics,
    TimeProvider time,
    ObjectPool<ResponseBuffer> buffers)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>Reading a longer body takes longer than handing it to another thread.</summary>
    private const int MaxBriefBytes = 64 * 1024;

    private readonly RunPace _pace = new();

    /// <param name="context">The request.</param>
    /// <param name="name">The model that its path names.</param>
    /// <param name="version">The version that its path names, if it does.</param>
    public async Task HandleAsync(HttpContext context, string name, string? version)
    {
        try
        {
            await AnswerAsync(context, name, version);
            outcomes.Succeeded();
        }
        catch (Exception exception)
        {
            if (outcomes.Failed(exception, context) is { } failure)
            {
                await ErrorBody.WriteAsync(context, failure);
            }
            else if (!InferenceOutcomes.IsGone(exception, context))
            {
                throw;
            }
        }
    }

    private async Task AnswerAsync(HttpContext context, string name, string? version)
    {
        var started = time.GetTimestamp();
        var aborted = context.RequestAborted;
        Served.Check(settings.Model, name, version);
        using var lease = Served.Rent(settings.Model, model);
        var engine = lease.Engine;

        using var body = await RequestBody.ReadAsync(context.Request, settings.MaxRequestBytes, aborted);
        if (settings.Batching.On || !_pace.IsBrief || body.Length > MaxBriefBytes)
        {
            // What takes long must not hold up the other connections of this thread, and requests have to meet to be put together.
            await Task.Yield();
        }
        using var request = Read(context.Request, body, engine.Signature);
        request.Inference.Arrived = started;
        var buffer = buffers.Get();
        try
        {
            int? jsonLength;
            var running = time.GetTimestamp();
            using (ServingTraces.StartInference(settings.Model, request.Inference.BatchSize))
            using (var result = await engine.RunAsync(request.Inference, aborted))
            {
                _pace.Ran(time.GetElapsedTime(running));
                jsonLength = InferResponseWriter.Write(buffer, settings.Model, request, result.Outputs);
            }
            metrics.Answered(time.GetElapsedTime(started));
            await SendAsync(context, buffer.Bytes.WrittenMemory, jsonLength, aborted);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    private static InferRequest Read(HttpRequest http, RequestBody body, ModelSignature signature)
    {
        var header = http.Headers[JsonLengthHeader].ToString();
        if (header.Length == 0)
        {
            return InferRequestReader.Read(body.Bytes.Span, default, signature);
        }
        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
        {
            throw ProtocolException.Invalid($"{JsonLengthHeader} is \"{Shown.Of(header)}\"; it must be a number of bytes from 0 to the body's {body.Length}");
        }
        return length == 0
            ? RawRequest(body, signature)
            : InferRequestReader.Read(body.Bytes.Span[..length], body.Bytes[length..], signature);
    }

    private static InferRequest RawRequest(RequestBody body, ModelSignature signature)
    {
        if (signature.Inputs.Length != 1)
        {
            throw ProtocolException.Invalid(
                $"a raw binary request ({JsonLengthHeader}: 0) carries one input; the model takes {signature.Inputs.Length}");
        }
        var request = new InferRequest(signature) { Outputs = RequestedOutputs.Resolve(signature, null, binaryByDefault: true) };
        request.Inputs[0] = BinarySection.TakeWhole(signature.Inputs[0], body.Bytes);
        return request;
    }

    private static Task SendAsync(HttpContext context, ReadOnlyMemory<byte> answer, int? jsonLength, CancellationToken aborted)
    {
        var response = context.Response;
        response.ContentType = jsonLength is null ? "application/json" : "application/octet-stream";
        if (jsonLength is { } length)
        {
            // Of the JSON as it is written, whether or not the body is compressed after that.
            response.Headers[JsonLengthHeader] = HeaderUtilities.FormatNonNegativeInt64(length);
        }
        if (ResponseCompression.Choose(context.Request.Headers.AcceptEncoding, answer.Length) is { } encoding)
        {
            return ResponseCompression.WriteAsync(response, encoding, answer, aborted);
        }
        response.ContentLength = answer.Length;
        return response.Body.WriteAsync(answer, aborted).AsTask();
    }
}
