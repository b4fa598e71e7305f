using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModelOperator.TestSupport.Faults;

/// <summary>
/// The faults that clients of the Kubernetes API meet. Those of the connection itself, below HTTP, are in
/// <see cref="FaultyLink"/>.
/// </summary>
public static class KnownFaults
{
    /// <summary>The server takes the connection (HTTP/1.1) or the stream (HTTP/2) down with RST.</summary>
    public static Fault Reset { get; } = new("reset", context =>
    {
        context.Abort();
        return Task.FromResult(false);
    });

    /// <summary>Nothing more comes, and the connection stays open.</summary>
    public static Fault HalfOpen { get; } = new("half-open", async context =>
    {
        var left = new TaskCompletionSource();
        await using (context.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
        }

        return false;
    });

    /// <summary>The answer ends as if it were complete.</summary>
    public static Fault CleanClose { get; } = new("clean close", _ => Task.FromResult(false));

    /// <summary>The server asks its clients to go elsewhere: GOAWAY on HTTP/2, <c>Connection: close</c> on HTTP/1.1.</summary>
    public static Fault GoAway { get; } = new("goaway", context =>
    {
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return Task.FromResult(true);
    });

    /// <summary>The version is gone, as HTTP status; inside a watch as an ERROR event.</summary>
    public static Fault Gone { get; } = Refusal(410, "Expired", "too old resource version: 1 (2)");

    /// <summary>A page as proxies send it.</summary>
    public static Fault HtmlPage { get; } = new("html page", async context =>
    {
        await BeginAsync(context, 200, "text/html");
        await context.Response.WriteAsync("<html>\n<body>Sign in to continue</body>\n</html>\n");
        return false;
    });

    /// <summary>JSON that ends in the middle, in an answer that ends well.</summary>
    public static Fault TruncatedJson { get; } = Text("truncated json", """{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metada""", goesOn: false);

    /// <summary>Half a line and then RST.</summary>
    public static Fault PartialLine { get; } = new("partial line", async context =>
    {
        await WriteAsync(context, """{"type":"MODIFIED","object":{"kind":"ConfigM""");
        context.Abort();
        return false;
    });

    /// <summary>An event of five megabytes, which the client must take whole.</summary>
    public static Fault HugeLine { get; } = Line("5 MB line", ConfigMapStore.Event("MODIFIED", ConfigMapStore.ConfigMap("faults", "huge", 1, new string('x', 5_000_000))));

    /// <summary>An event about a kind that nobody asked for.</summary>
    public static Fault UnknownKind { get; } = Line("unknown kind", """{"type":"MODIFIED","object":{"kind":"Gadget","apiVersion":"example.com/v1","spec":[1,"x",{}]}}""");

    /// <summary>An event about an object without metadata.</summary>
    public static Fault MissingMetadata { get; } = Line("missing metadata", """{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","data":{"v":"1"}}}""");

    /// <summary>An event whose version is a negative number.</summary>
    public static Fault NegativeVersion { get; } = Line("negative version", ConfigMapStore.Event("MODIFIED", ConfigMapStore.ConfigMap("faults", "negative", -5, "x")));

    /// <summary>A line that is no JSON.</summary>
    public static Fault Garbage { get; } = Line("garbage", "\u0001\u0002 not json }{");

    /// <summary>An event of a type that does not exist.</summary>
    public static Fault UnknownType { get; } = Line("unknown type", """{"type":"RENAMED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}}""");

    /// <summary>The server is busy.</summary>
    /// <param name="retryAfter">The header, in seconds or as an HTTP date; null: none.</param>
    public static Fault TooManyRequests(string? retryAfter) => Refusal(429, "TooManyRequests", "too many requests", retryAfter);

    /// <summary>A refusal: as HTTP status where the answer has not begun, else as an ERROR event.</summary>
    public static Fault Refusal(int code, string reason, string message, string? retryAfter = null) => new($"{code}", async context =>
    {
        var status = $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";
        if (context.Response.HasStarted)
        {
            await WriteAsync(context, $$"""{"type":"ERROR","object":{{status}}}""" + "\n");
            return false;
        }

        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await BeginAsync(context, code, "application/json");
        await context.Response.WriteAsync(status);
        return false;
    });

    /// <summary>The body comes a byte at a time, each when the test says.</summary>
    public static Fault Slow(string body, Func<int, Task> beforeByte) => new("slow body", async context =>
    {
        for (var i = 0; i < body.Length; i++)
        {
            await beforeByte(i);
            await WriteAsync(context, body[i].ToString());
        }

        return false;
    });

    private static Fault Line(string name, string line) => Text(name, line + "\n", goesOn: true);

    private static Fault Text(string name, string text, bool goesOn) => new(name, async context =>
    {
        await WriteAsync(context, text);
        return goesOn;
    });

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await BeginAsync(context, 200, "application/json");
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task BeginAsync(HttpContext context, int statusCode, string contentType)
    {
        if (!context.Response.HasStarted)
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.StatusCode = statusCode;
            context.Response.ContentType = contentType;
            await context.Response.StartAsync(context.RequestAborted);
        }
    }
}
