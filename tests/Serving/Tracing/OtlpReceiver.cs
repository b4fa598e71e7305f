using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelOperator.Telemetry.Hosting;

namespace ModelOperator.Serving.Tests.Tracing;

/// <summary>A collector: takes traces over OTLP's HTTP with protobuf and reads of the messages what a test asks about.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentQueue<string> _services = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => _app.ListeningOn()[0];

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>The <c>service.name</c> of each export.</summary>
    public IReadOnlyCollection<string> Services => _services;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(async context =>
        {
            Assert.That(context.Request.Path.Value, Is.EqualTo("/v1/traces"));
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            receiver.Read(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // opentelemetry/proto: ExportTraceServiceRequest.resource_spans = 1 > resource = 1, scope_spans = 2 > spans = 2.
    private void Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request, 1))
        {
            foreach (var attribute in Fields(resourceSpans, 1).SelectMany(resource => Fields(resource, 1)))
            {
                if (Text(attribute, 1) == "service.name")
                {
                    _services.Enqueue(Text(Fields(attribute, 2).Single(), 1));
                }
            }
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
            {
                _spans.Enqueue(new Span(Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4), Attributes(span)));
            }
        }
    }

    private static Dictionary<string, string> Attributes(byte[] span) => Fields(span, 9).ToDictionary(
        attribute => Text(attribute, 1),
        attribute => string.Concat(Fields(Fields(attribute, 2).Single(), 1).Select(Encoding.UTF8.GetString)));

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).SingleOrDefault() ?? []);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).SingleOrDefault() ?? []);

    /// <summary>The length-delimited fields of this number.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }
        return found;
    }

    /// <param name="Attributes">Those that are texts.</param>
    public sealed record Span(string Name, string TraceId, string SpanId, string ParentId, Dictionary<string, string> Attributes);
}
