using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Telemetry.Hosting;

namespace ModelOperator.Serving.Tests.Programs;

/// <summary>The conformance tool, run as its users run it: this server passes, and one that does not conform fails.</summary>
internal sealed class ConformanceTests
{
    private static readonly string Tool = BuiltProgram.Path("ModelOperator.OpenInference", "oip-conformance");

    private static IEnumerable<TestCaseData> Models()
    {
        yield return new TestCaseData(new TinyModel()
            .Input("x", TinyModel.Float, "n", 4).Output("y", TinyModel.Float, "n", 4).Node("Relu", ["x"], "y"), 140).SetArgDisplayNames("one input of floats");
        yield return new TestCaseData(new TinyModel()
            .Input("a", TinyModel.Int64, "n", 2).Input("b", TinyModel.Int64, "n", 2)
            .Output("sum", TinyModel.Int64, "n", 2).Output("product", TinyModel.Int64, "n", 2)
            .Node("Add", ["a", "b"], "sum").Node("Mul", ["a", "b"], "product"), 140).SetArgDisplayNames("two inputs of whole numbers");
        yield return new TestCaseData(new TinyModel()
            .Input("s", TinyModel.String, "n").Output("t", TinyModel.String, "n").Node("Identity", ["s"], "t"), 130).SetArgDisplayNames("texts");
        yield return new TestCaseData(new TinyModel()
            .Input("h", TinyModel.Float16, "n", 3).Output("i", TinyModel.Float16, "n", 3).Node("Identity", ["h"], "i"), 40).SetArgDisplayNames("half-width floats");
    }

    [TestCaseSource(nameof(Models))]
    public async Task This_server_conforms(TinyModel model, int atLeast)
    {
        await using var server = await RunningServer.StartAsync(model);

        var (exitCode, output, error) = await BuiltProgram.RunAsync(
            Tool, server.Http.BaseAddress!.AbsoluteUri, "--grpc", server.Grpc.Authority, "--model", "tiny", "-o", "json");

        Assert.That(error, Is.Empty);
        var report = JsonNode.Parse(output)!;
        var failed = report["cases"]!.AsArray().Where(one => one!["verdict"]!.GetValue<string>() == "failed").Select(one => $"{one!["id"]}: {one["reason"]}");
        Assert.Multiple(() =>
        {
            Assert.That(failed, Is.Empty);
            Assert.That(report["passed"]!.GetValue<int>(), Is.AtLeast(atLeast));
            Assert.That(exitCode, Is.Zero);
        });
    }

    [Test]
    public async Task A_server_that_answers_everything_alike_does_not_conform()
    {
        await using var server = await StartAsync(_ => """{"model_name":"m","outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[1]}]}""");

        var (exitCode, output, _) = await BuiltProgram.RunAsync(Tool, server.ListeningOn()[0].AbsoluteUri, "--model", "m");

        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("FAIL rest.error.not-json: A body that is no JSON is refused.").And.Contain("FAIL rest.infer.id: ").And.Contain("pass rest.infer.flat: "));
    }

    [Test]
    public async Task A_server_without_the_model_cannot_be_asked()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return "{}";
        });

        var (exitCode, _, error) = await BuiltProgram.RunAsync(Tool, server.ListeningOn()[0].AbsoluteUri, "--model", "m");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("oip-conformance: http://127.0.0.1"));
    }

    [Test]
    public async Task The_list_of_cases_names_each_once_with_its_sentence_and_source()
    {
        var (exitCode, output, _) = await BuiltProgram.RunAsync(Tool, "--list");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(exitCode, Is.Zero);
        Assert.That(lines, Has.Length.AtLeast(150).And.All.Match(@"^[a-z0-9.-]+: \S.*\. \[.+\]$"));
        Assert.That(lines.Select(line => line.Split(':')[0]), Is.Unique);
    }

    // What it says of itself and its model is right; what it answers is up to the test.
    private static async Task<WebApplication> StartAsync(Func<HttpContext, string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            var body = context.Request.Path.Value is "/v2" or "/v2/" ? """{"name":"s","version":"1","extensions":[]}"""
                : context.Request.Path == "/v2/models/m" && answer(context) != "{}" ? """{"name":"m","platform":"p","inputs":[{"name":"x","datatype":"FP32","shape":[1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[1]}]}"""
                : answer(context);
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }
}
