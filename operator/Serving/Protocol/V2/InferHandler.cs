using System.Globalization;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>POST .../infer: read, run, write.</summary>
internal sealed partial class InferHandler(
    ServingSettings settings,
    ModelSlot model,
    ServingMetrics metrics,
    TimeProvider time,
    ObjectPool<ResponseBuffer> buffers,
    ILogger<InferHandler> logger)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    public async Task HandleAsync(HttpContext context)
    {
        var outcome = Outcome.Error;
        try
        {
            await AnswerAsync(context);
            outcome = Outcome.Ok;
        }
        catch (ProtocolException failure)
        {
            outcome = failure.Status < StatusCodes.Status500InternalServerError ? Outcome.ClientError : Outcome.Error;
            await ErrorBody.WriteAsync(context, failure.Status, failure.Message);
        }
        catch (QueueFullException failure)
        {
            outcome = Outcome.Rejected;
            context.Response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)Math.Ceiling(failure.RetryAfter.TotalSeconds));
            await ErrorBody.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, failure.Message);
        }
        catch (DeadlineException failure)
        {
            outcome = Outcome.Timeout;
            await ErrorBody.WriteAsync(context, StatusCodes.Status504GatewayTimeout, failure.Message);
        }
        catch (BatchTooLargeException failure)
        {
            outcome = Outcome.ClientError;
            await ErrorBody.WriteAsync(context, StatusCodes.Status400BadRequest, failure.Message);
        }
        catch (InferenceException failure)
        {
            LogModelFailed(settings.Model.Name, context.Response.Headers[Api.Conventions.LineageHeaders.RequestId].ToString(), failure.Message);
            await ErrorBody.WriteAsync(
                context, StatusCodes.Status500InternalServerError, $"model '{settings.Model.Name}' failed: {failure.Message}");
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            outcome = Outcome.Canceled;
        }
        finally
        {
            metrics.Finished(outcome);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var aborted = context.RequestAborted;
        V2Endpoints.CheckModel(context, settings.Model);
        var engine = model.Engine ?? throw ProtocolException.NotReady($"model '{settings.Model.Name}' is not ready: {model.Problem}");

        using var body = await RequestBody.ReadAsync(context.Request, settings.MaxRequestBytes, aborted);
        using var request = Read(context.Request, body, engine.Signature);
        request.Inference.Arrived = started;
        var buffer = buffers.Get();
        try
        {
            int? jsonLength;
            using (var result = await engine.RunAsync(request.Inference, aborted))
            {
                jsonLength = InferResponseWriter.Write(buffer, settings.Model, request, result.Outputs);
            }
            metrics.Answered(time.GetElapsedTime(started));
            await SendAsync(context.Response, buffer, jsonLength, aborted);
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
            return InferRequestReader.Read(body.Bytes, default, signature);
        }
        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
        {
            throw ProtocolException.Invalid($"{JsonLengthHeader} is \"{header}\"; it must be a number of bytes from 0 to the body's {body.Length}");
        }
        return length == 0
            ? RawRequest(body, signature)
            : InferRequestReader.Read(body.Bytes[..length], body.Bytes[length..], signature);
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

    private static async Task SendAsync(HttpResponse response, ResponseBuffer buffer, int? jsonLength, CancellationToken aborted)
    {
        response.ContentType = jsonLength is null ? "application/json" : "application/octet-stream";
        response.ContentLength = buffer.Bytes.WrittenCount;
        if (jsonLength is { } length)
        {
            response.Headers[JsonLengthHeader] = HeaderUtilities.FormatNonNegativeInt64(length);
        }
        await response.Body.WriteAsync(buffer.Bytes.WrittenMemory, aborted);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Model} failed for request {RequestId}: {Reason}")]
    private partial void LogModelFailed(string model, string requestId, string reason);
}
