using System.Net;
using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Api.Conventions;
using ModelOperator.Router.AccessLogging;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Mirroring;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>Answers callers: admits, finds the route, keeps the body, chooses who answers and who gets a copy.</summary>
internal sealed class ModelProxy(
    RouteStore routes,
    AttemptSequence attempts,
    Mirror mirror,
    AccessLog accessLog,
    RouterOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private const int QuotedLength = 200;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var requestId = RequestIds.Of(context.Request.Headers[LineageHeaders.RequestId]);
        var refusal = Admission.Refuse(context, options);
        var client = CallerHeaders.Prepare(context, requestId, options.TrustedProxies);
        if (lifetime.ApplicationStopping.IsCancellationRequested && !HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.OnStarting(static state =>
            {
                ((HttpContext)state).Response.Headers.Connection = "close";
                return Task.CompletedTask;
            }, context);
        }

        Call? call = null;
        ModelRoute? route = null;
        try
        {
            if (refusal is var (status, reason))
            {
                await ErrorAnswer.WriteAsync(context, status, reason, requestId);
                return;
            }
            Admission.DeclineUpgrade(context);
            var target = RequestTarget.Resolve(routes.Current, context.Request.Host.Value, RawTarget(context));
            route = target.Route;
            if (route is null)
            {
                await ErrorAnswer.WriteAsync(context, StatusCodes.Status404NotFound, NotFound(context), requestId);
                return;
            }
            if (await BodyAsync(context, requestId) is not { } body)
            {
                return;
            }
            using (body)
            {
                call = new Call(context, target.Rest, body, requestId, PatienceOf(context.Request));
                // The body may have taken long to arrive: the split is the one that holds now.
                await AnswerAsync(call, routes.Latest(route), client);
            }
        }
        finally
        {
            if (options.AccessLog)
            {
                accessLog.Write(AccessLogEntry.Of(context, call, route, client, requestId, time.GetUtcNow(), time.GetElapsedTime(started)));
            }
        }
    }

    private async Task AnswerAsync(Call call, ModelRoute route, IPAddress? client)
    {
        var choice = ArmChoice.Of(route, call.Context.Request.Headers, client);
        if (choice.Live is not { } backend)
        {
            await UnavailableAsync(call, route, choice);
            return;
        }
        // Models answer to POST; what else there is, says something about the server.
        if (choice.Copied is not { } copied || !HttpMethods.IsPost(call.Context.Request.Method))
        {
            await attempts.AnswerAsync(call, route, backend);
            return;
        }
        var captured = mirror.Capture(call.Context);
        var result = await attempts.AnswerAsync(call, route, backend);
        mirror.Send(call, copied, result, captured);
    }

    private static Task UnavailableAsync(Call call, ModelRoute route, ArmChoice choice) => ErrorAnswer.WriteAsync(
        call.Context,
        StatusCodes.Status503ServiceUnavailable,
        choice.Copied is { } candidate
            ? $"revision {candidate.Revision} fails most requests and no stable pod of {route.Key} is ready"
            : $"no pod of {route.Key} is ready",
        call.RequestId,
        retryAfter: RetryAfter);

    // Null: the caller has been answered, or is gone.
    private async ValueTask<CallerBody?> BodyAsync(HttpContext context, string requestId)
    {
        if (Call.IsGrpcCall(context.Request))
        {
            return CallerBody.Record(context, options.ReplayBodyBytes);
        }
        try
        {
            return await CallerBody.ReadAsync(context, options.ReplayBodyBytes);
        }
        catch (BadHttpRequestException refused)
        {
            await ErrorAnswer.WriteAsync(context, refused.StatusCode, refused.Message, requestId);
            return null;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The caller left before it had asked anything: there is nobody to answer and nothing to count.
            return null;
        }
    }

    private TimeSpan PatienceOf(HttpRequest request) =>
        GrpcStatus.ParseTimeout(request.Headers[GrpcStatus.TimeoutHeader]) is { } deadline && deadline < options.Timeout ? deadline : options.Timeout;

    private static string RawTarget(HttpContext context) => context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";

    private static string NotFound(HttpContext context) =>
        $"no model is served at {Quote(RawTarget(context).Split('?')[0])} (host {Quote(context.Request.Host.Value ?? "")}): "
        + "ask for /<namespace>/<name>/... or host <name>.<namespace>";

    private static string Quote(string text) => text.Length <= QuotedLength ? text : text[..QuotedLength] + "...";
}
