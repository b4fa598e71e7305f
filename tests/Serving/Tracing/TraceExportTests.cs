using System.Net;
using System.Text;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Hosting;

namespace ModelOperator.Serving.Tests.Tracing;

/// <summary>Traces reach a collector over OTLP when one is configured, continue the caller's, and cost nothing when none is.</summary>
[NonParallelizable]
internal sealed class TraceExportTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    [TearDown]
    public void Unset()
    {
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
    }

    [Test]
    public async Task A_request_continues_the_callers_trace_with_a_span_and_one_in_it_for_the_model()
    {
        await using var receiver = await StartReceiverAsync();
        await using (var server = await RunningServer.StartAsync(Model))
        {
            var response = await SendAsync(server, $"00-{Trace}-{Caller}-01");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            await server.StopAsync();
        }

        var request = receiver.Spans.Single(span => span.Name == "POST /v2/models/{model}/infer");
        var inference = receiver.Spans.Single(span => span.Name == "inference");
        Assert.Multiple(() =>
        {
            Assert.That(request.TraceId, Is.EqualTo(Trace));
            Assert.That(request.ParentId, Is.EqualTo(Caller));
            Assert.That(inference.TraceId, Is.EqualTo(Trace));
            Assert.That(inference.ParentId, Is.EqualTo(request.SpanId));
            Assert.That(request.Attributes["request.id"], Is.EqualTo("mine"));
            Assert.That(request.Attributes["url.path"], Is.EqualTo("/v2/models/tiny/infer"));
            Assert.That(inference.Attributes["model.revision"], Is.EqualTo("tiny-r3"));
            Assert.That(receiver.Services, Is.All.EqualTo("modelserver"));
        });
    }

    [Test]
    public async Task A_request_that_its_caller_does_not_sample_is_not_exported()
    {
        await using var receiver = await StartReceiverAsync();
        await using (var server = await RunningServer.StartAsync(Model))
        {
            await SendAsync(server, $"00-{Trace}-{Caller}-00");
            await SendAsync(server, traceParent: null);
            await server.StopAsync();
        }

        Assert.That(receiver.Spans.Select(span => span.TraceId), Has.None.EqualTo(Trace));
        Assert.That(receiver.Spans.Select(span => span.Name), Has.One.EqualTo("inference"), "the request without a context starts a trace");
    }

    [Test]
    public async Task Without_a_collector_no_span_is_made()
    {
        await using var server = await RunningServer.StartAsync(Model);

        await SendAsync(server, $"00-{Trace}-{Caller}-01");

        Assert.That(ServingTraces.StartInference(new ModelOperator.Serving.Inference.ModelIdentity("tiny", "7", ""), 1), Is.Null);
    }

    private static TinyModel Model => new TinyModel().Input("x", TinyModel.Float, "n", 2).Output("y", TinyModel.Float, "n", 2).Node("Relu", ["x"], "y");

    private static async Task<OtlpReceiver> StartReceiverAsync()
    {
        var receiver = await OtlpReceiver.StartAsync();
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address.AbsoluteUri);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        return receiver;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningServer server, string? traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/tiny/infer") { Content = new StringContent(Request, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-request-id", "mine");
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }
        return await server.Http.SendAsync(request);
    }
}
