using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>
/// gRPC over Kestrel's HTTP/2: finds the method of a path, keeps the caller's deadline, and ends every call with a status.
/// </summary>
internal sealed partial class GrpcServer(
    InferenceService inference, HealthService health, ModelIdentity model, TimeProvider time, ILogger<GrpcServer> logger)
{
    private readonly FrozenDictionary<string, GrpcMethod> _methods =
        inference.Methods.Concat(health.Methods).ToFrozenDictionary(StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        if (!GrpcHeaders.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        // Messages have a limit of their own, and the five bytes before them count here.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        await AnswerAsync(http);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var timeout = Timeout.InfiniteTimeSpan;
        try
        {
            timeout = GrpcTimeout.Parse(http.Request.Headers[GrpcHeaders.Timeout]);
            var method = Method(http);
            if (timeout == Timeout.InfiniteTimeSpan)
            {
                await method(new GrpcCall(http, timeout, http.RequestAborted));
                return;
            }
            using var deadline = new CancellationTokenSource(timeout, time);
            using var left = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
            await method(new GrpcCall(http, timeout, left.Token));
        }
        catch (Exception exception) when (Failure.Of(exception, model.Name) is { } failure)
        {
            GrpcAnswer.Fail(http.Response, GrpcCodes.OfHttp(failure.Status), failure.Message, failure.RetryAfter);
        }
        catch (Exception exception) when (InferenceOutcomes.IsGone(exception, http))
        {
            // Nobody is left to be told.
        }
        catch (OperationCanceledException)
        {
            GrpcAnswer.Fail(http.Response, GrpcCode.DeadlineExceeded, $"the call's timeout of {timeout.TotalMilliseconds:0.###} ms is over");
        }
        catch (Exception exception)
        {
            LogFailed(http.Request.Path, exception);
            GrpcAnswer.Fail(http.Response, GrpcCode.Internal, "the server failed; its log says why");
        }
    }

    private GrpcMethod Method(HttpContext http)
    {
        if (!_methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            throw new ProtocolException(
                StatusCodes.Status501NotImplemented, $"there is no method {Shown.Of(http.Request.Path.Value)} here");
        }
        var encoding = http.Request.Headers[GrpcHeaders.Encoding].ToString();
        if (encoding.Length > 0 && !GrpcEncoding.IsKnown(encoding))
        {
            http.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcEncoding.Supported;
            throw new ProtocolException(
                StatusCodes.Status501NotImplemented,
                $"{GrpcHeaders.Encoding} \"{Shown.Of(encoding)}\" is not supported; {GrpcEncoding.Supported} are");
        }
        return method;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Answering {Path} failed")]
    private partial void LogFailed(string path, Exception exception);
}
