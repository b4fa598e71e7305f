using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>
/// The floor of a server on Kestrel: reads the whole body and answers as many bytes as it was told, without looking at any.
/// A program of its own, so that client and server share no heap and no thread pool.
/// </summary>
internal static class EmptyPost
{
    public const string Command = "empty-post";

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listener => listener.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.MapPost("/{length:int}", AnswerAsync);
        await app.RunAsync();
    }

    public static Uri Address(int port, int answerBytes) => new($"http://127.0.0.1:{port}/{answerBytes}");

    private static async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request.BodyReader;
        ReadResult part;
        do
        {
            part = await request.ReadAsync(context.RequestAborted);
            request.AdvanceTo(part.Buffer.End);
        }
        while (!part.IsCompleted);
        var length = int.Parse((string)context.Request.RouteValues["length"]!, CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = length;
        var answer = context.Response.BodyWriter;
        answer.GetSpan(length)[..length].Clear();
        answer.Advance(length);
        await answer.FlushAsync(context.RequestAborted);
    }
}
