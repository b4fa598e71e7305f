using Microsoft.AspNetCore.Connections.Features;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Protocol.V2;
using Status = ModelOperator.Serving.Protocol.Grpc.Messages.HealthCheckResponse.Types.ServingStatus;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary><c>grpc.health.v1.Health</c>, for the server as a whole and for the inference service: both serve when the model does.</summary>
internal sealed class HealthService(ModelSlot slot, IHostApplicationLifetime lifetime)
{
    public const string Name = "grpc.health.v1.Health";

    public IEnumerable<KeyValuePair<string, GrpcMethod>> Methods =>
    [
        new($"/{Name}/Check", Unary.Of(HealthCheckRequest.Parser, Check)),
        new($"/{Name}/Watch", WatchAsync),
    ];

    private Status Current => slot.Problem is null && !lifetime.ApplicationStopping.IsCancellationRequested ? Status.Serving : Status.NotServing;

    private HealthCheckResponse Check(HealthCheckRequest request) => IsKnown(request.Service)
        ? new HealthCheckResponse { Status = Current }
        : throw ProtocolException.NotFound($"service '{Shown.Of(request.Service)}' is not known here; '' and '{InferenceService.Name}' are");

    // An answer per change, until the caller leaves or the server ends.
    private async Task WatchAsync(GrpcCall call)
    {
        var (request, encoding) = await Unary.ReadAsync(call, HealthCheckRequest.Parser);
        var known = IsKnown(request.Service);
        using var closing = call.Http.Features.Get<IConnectionLifetimeNotificationFeature>() is { } connection
            ? CancellationTokenSource.CreateLinkedTokenSource(call.Left, connection.ConnectionClosedRequested)
            : CancellationTokenSource.CreateLinkedTokenSource(call.Left);
        Status? last = null;
        while (!closing.IsCancellationRequested)
        {
            var changed = slot.Changed;
            var status = known ? Current : Status.ServiceUnknown;
            if (status != last)
            {
                last = status;
                GrpcAnswer.Write(call.Http.Response, new HealthCheckResponse { Status = status }, encoding);
                await call.Http.Response.BodyWriter.FlushAsync(call.Left);
            }
            await WaitAsync(changed, closing.Token);
        }
        call.Left.ThrowIfCancellationRequested();
        GrpcAnswer.Fail(call.Http.Response, GrpcCode.Unavailable, "the server is shutting down");
    }

    private async Task WaitAsync(Task changed, CancellationToken closing)
    {
        var stopping = lifetime.ApplicationStopping;
        // Once that is told, only the end is left to wait for.
        using var either = stopping.IsCancellationRequested
            ? CancellationTokenSource.CreateLinkedTokenSource(closing)
            : CancellationTokenSource.CreateLinkedTokenSource(closing, stopping);
        await changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool IsKnown(string service) => service is "" or InferenceService.Name;
}
