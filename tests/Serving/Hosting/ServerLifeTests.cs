using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Inference.Batching;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Tests.Hosting;

internal sealed class ServerLifeTests
{
    private static readonly TinyModel Gather = new TinyModel()
        .Input("x", TinyModel.Float, "n").Input("i", TinyModel.Int64, "k").Output("y", TinyModel.Float, "k").Node("Gather", ["x", "i"], "y");

    [Test]
    public async Task A_model_that_fails_is_a_500_in_one_line_that_counts_as_its_error_and_the_server_goes_on()
    {
        await using var server = await RunningServer.StartAsync(Gather);

        var (status, body, _) = await server.PostAsync(Pick(5));
        Assert.That(status, Is.EqualTo(HttpStatusCode.InternalServerError));
        var message = body!["error"]!.GetValue<string>();
        Assert.That(message, Does.StartWith("model 'tiny' failed: ").And.Contain("out of data bounds").And.Not.Contain("\n").And.Not.Contain("ErrorCode"));

        Assert.That((await server.PostAsync(Pick(1))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await server.PostAsync("{}")).Status, Is.EqualTo(HttpStatusCode.BadRequest));

        var metrics = await server.Http.GetStringAsync(server.Metrics);
        foreach (var (outcome, count) in new[] { ("ok", 1), ("client_error", 1), ("error", 1), ("canceled", 0) })
        {
            Assert.That(metrics, Does.Contain(
                $$"""modelserver_inference_total{model="tiny",outcome="{{outcome}}",revision="tiny-r3",version="7"} {{count}}""" + "\n"));
        }
        Assert.That(metrics, Does.Contain("""modelserver_model_info{digest=""").And.Contain("""provider="cpu",revision="tiny-r3",version="7"} 1"""));
        Assert.That(metrics, Does.Contain("""modelserver_inference_duration_seconds_count{model="tiny",revision="tiny-r3",version="7"} 1"""));
        Assert.That(metrics, Does.Contain("""modelserver_batch_size_bucket{model="tiny",revision="tiny-r3",version="7",le="1"} """));
        Assert.That(metrics, Does.Contain("modelserver_model_load_seconds{"));
    }

    [Test]
    public async Task Requests_beyond_the_slots_wait_and_are_all_answered()
    {
        await using var server = await RunningServer.StartAsync(Gather, settings => settings with { Cpu = new CpuShare(1, 1) });

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.PostAsync(Pick(i % 3))));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(
            answers.Select(answer => answer.Body!["outputs"]![0]!["data"]![0]!.GetValue<float>()),
            Is.EqualTo(Enumerable.Range(0, 32).Select(i => (i % 3) + 1f)));
    }

    [Test]
    public async Task Health_is_on_a_port_of_its_own()
    {
        await using var server = await RunningServer.StartAsync(Gather);

        Assert.That(await server.Http.GetStringAsync(new Uri(server.Health, "/readyz")), Is.EqualTo("ok\n"));
        Assert.That(await server.Http.GetStringAsync(new Uri(server.Health, "/livez")), Is.EqualTo("ok\n"));
        Assert.That((await server.Http.GetAsync(new Uri(server.Health, "/v2"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task While_draining_the_server_answers_says_it_is_not_ready_and_closes_connections()
    {
        await using var server = await RunningServer.StartAsync(Gather, settings => settings with { Drain = TimeSpan.FromMinutes(5) });
        var lifetime = server.Services.GetRequiredService<IHostApplicationLifetime>();

        lifetime.StopApplication();

        var (status, _, response) = await server.PostAsync(Pick(0));
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.ConnectionClose, Is.True);
        using var ready = await server.Http.GetAsync(new Uri(server.Health, "/readyz"));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await ready.Content.ReadAsStringAsync(), Does.Contain("shutting down"));
    }

    [Test]
    public async Task A_server_whose_model_cannot_be_loaded_ends_with_the_reason()
    {
        var directory = Directory.CreateTempSubdirectory("serving-tests-");
        var path = Path.Combine(directory.FullName, "model.onnx");
        await File.WriteAllTextAsync(path, "this is no model");
        await using var server = await RunningServer.StartAsync(path, directory: directory);

        Assert.That(server.Services.GetRequiredService<ModelSlot>().Failure, Does.Contain("is no ONNX model that this server can load"));

        var stopping = new TaskCompletionSource();
        using var registration = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_model_that_does_not_take_zeros_is_served_and_the_warm_up_counts_as_no_request()
    {
        await using var server = await RunningServer.StartAsync(new TinyModel()
            .Input("x", TinyModel.Float, 2, 2).Input("s", TinyModel.Int64, 1).Output("y", TinyModel.Float, "k").Node("Reshape", ["x", "s"], "y"));

        using var ready = await server.Http.GetAsync("/v2/health/ready");
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await server.Http.GetStringAsync(server.Metrics), Does.Contain("""modelserver_inference_total{model="tiny",outcome="error",revision="tiny-r3",version="7"} 0"""));
    }

    [Test]
    public async Task A_model_is_warmed_up_with_one_row_and_with_the_largest_batch()
    {
        await using var server = await RunningServer.StartAsync(
            new TinyModel().Input("x", TinyModel.Float, "n", 3).Input("t", TinyModel.String, "n").Output("y", TinyModel.Float, "n", 3)
                .Output("u", TinyModel.String, "n").Node("Identity", ["x"], "y").Node("Identity", ["t"], "u"),
            settings => settings with { Batching = new BatchSettings(4, TimeSpan.Zero) });

        var signature = server.Services.GetRequiredService<ModelSlot>().Model!.Signature;
        var request = ZeroRequest.Of(signature, 4, 1000)!;
        Assert.That(request.Body.Length - request.JsonLength, Is.EqualTo((4 * 3 * 4) + (4 * 4)));
        Assert.That(await server.Services.GetRequiredService<Warmup>().RunAsync(signature, CancellationToken.None), Is.Null);
        Assert.That(ZeroRequest.Of(signature, 1000, 1000), Is.Null, "longer than is taken");
    }

    [Test]
    public async Task Requests_that_wait_together_run_together()
    {
        await using var server = await RunningServer.StartAsync(
            new TinyModel().Input("x", TinyModel.Float, "n", 2).Output("y", TinyModel.Float, "n", 2).Node("Neg", ["x"], "y"),
            settings => settings with { Batching = new BatchSettings(4, TimeSpan.FromSeconds(10)), WarmupRequests = 0 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => server.PostAsync(
            $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{i}},{{i + 10}}]}]}""")));

        Assert.That(
            answers.Select(answer => answer.Body!["outputs"]![0]!.ToJsonString()),
            Is.EqualTo(Enumerable.Range(0, 4).Select(i => $$"""{"name":"y","datatype":"FP32","shape":[1,2],"data":[-{{i}},-{{i + 10}}]}""")));
        Assert.That(
            await server.Http.GetStringAsync(server.Metrics), Does.Contain("""modelserver_batch_size_sum{model="tiny",revision="tiny-r3",version="7"} 4"""));
    }

    [TestCase("1", 504, "the request's timeout of 0.001 ms was over before the model could begin; it was not run")]
    [TestCase("-1", 400, "\"timeout\" of the request must be a whole number of microseconds from 0 to 3600000000")]
    public async Task A_timeout_is_in_microseconds_as_with_Triton(string timeout, int status, string message)
    {
        await using var server = await RunningServer.StartAsync(Gather);

        var (actual, body, _) = await server.PostAsync($$"""{"parameters":{"timeout":{{timeout}}},{{Pick(1)[1..]}}""");

        Assert.That((int)actual, Is.EqualTo(status));
        Assert.That(body!["error"]!.GetValue<string>(), Is.EqualTo(message));
    }

    [Test]
    public async Task A_model_that_cannot_be_batched_is_refused_when_batching_is_asked_for()
    {
        await using var server = await RunningServer.StartAsync(Gather, settings => settings with { Batching = new BatchSettings(4, TimeSpan.Zero) });

        Assert.That(
            server.Services.GetRequiredService<ModelSlot>().Failure,
            Does.Contain("cannot be served with batching: input 'i' has 'k' as first dimension where others have 'n'"));
    }

    private static string Pick(int index) =>
        $$"""{"inputs":[{"name":"x","shape":[3],"datatype":"FP32","data":[1,2,3]},{"name":"i","shape":[1],"datatype":"INT64","data":[{{index}}]}]}""";
}
