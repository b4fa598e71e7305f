using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>Answers of an API server, sound and broken.</summary>
internal static class Answer
{
    public static RequestDelegate Json(string body, int statusCode = 200) => async context =>
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Refusal(int code, string reason, string message, string? retryAfter = null) => async context =>
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await Json(StatusJson(code, reason, message), code)(context);
    };

    public static RequestDelegate Html(int statusCode, string body = "<html><body>Bad gateway</body></html>") => async context =>
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(body);
    };

    /// <summary>A watch that sends these lines and then ends well.</summary>
    public static RequestDelegate Watch(params string[] lines) => async context =>
    {
        await StartWatchAsync(context);
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(line + "\n");
        }
    };

    /// <summary>A watch that sends this text, no more, and breaks the connection.</summary>
    public static RequestDelegate WatchCutAfter(string text) => async context =>
    {
        await StartWatchAsync(context);
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    };

    /// <summary>A watch that sends what the test writes until the test completes the channel or the client leaves.</summary>
    public static RequestDelegate WatchFrom(ChannelReader<string> lines) => async context =>
    {
        await StartWatchAsync(context);
        await foreach (var line in lines.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(line + "\n");
            await context.Response.Body.FlushAsync();
        }
    };

    public static string ConfigMap(string name, string resourceVersion, string value = "") =>
        $$$"""
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"default","uid":"uid-{{{name}}}","resourceVersion":"{{{resourceVersion}}}"},"data":{"v":"{{{value}}}"}}
        """;

    public static string List(string resourceVersion, params string[] items) =>
        $$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{resourceVersion}}"},"items":[{{string.Join(',', items)}}]}""";

    public static string Event(string type, string entity) => $$"""{"type":"{{type}}","object":{{entity}}}""";

    public static string Bookmark(string resourceVersion) =>
        Event("BOOKMARK", $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}","creationTimestamp":null}}""");

    public static string StatusJson(int code, string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";

    private static async Task StartWatchAsync(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync();
    }
}
