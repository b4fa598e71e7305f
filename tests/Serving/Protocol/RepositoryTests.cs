using System.Net;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Tests.Protocol.Grpc;

namespace ModelOperator.Serving.Tests.Protocol;

internal sealed class RepositoryTests
{
    private const string Index = "/v2/repository/index";
    private const string Load = "/v2/repository/models/tiny/load";
    private const string Unload = "/v2/repository/models/tiny/unload";
    private const string Ready = """[{"name":"tiny","version":"7","state":"READY","reason":""}]""";
    private const string Service = "/inference.GRPCInferenceService/";
    private const string Request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private static readonly TinyModel Identity = new TinyModel().Input("x", TinyModel.Float, "n").Output("y", TinyModel.Float, "n").Node("Identity", ["x"], "y");

    [Test]
    public async Task The_index_is_there_and_loading_is_not_allowed_unless_the_server_is_told_so()
    {
        await using var server = await RunningServer.StartAsync(Identity);

        Assert.That((await server.PostAsync("{}", Index)).Body!.ToJsonString(), Is.EqualTo(Ready));
        foreach (var (path, what) in new[] { (Load, "loading"), (Unload, "unloading") })
        {
            var (status, body, _) = await server.PostAsync("{}", path);
            Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(
                body!["error"]!.GetValue<string>(),
                Is.EqualTo($"{what} is not allowed here; a server that is started with MODEL_CONTROL=explicit allows it"));
        }
        using var client = new GrpcClient(server.Grpc);
        var reply = await client.CallAsync(
            Service + "RepositoryModelUnload", new RepositoryModelUnloadRequest { ModelName = "tiny" }, RepositoryModelUnloadResponse.Parser);
        Assert.That((reply.Status, reply.Error), Is.EqualTo((7, "unloading is not allowed here; a server that is started with MODEL_CONTROL=explicit allows it")));
        Assert.That((await server.PostAsync(Request)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_model_is_unloaded_and_loaded_again()
    {
        await using var server = await RunningServer.StartAsync(Identity, settings => settings with { ModelControl = true });

        Assert.That((await server.PostAsync("""{"parameters":{"unload_dependents":false}}""", Unload)).Body!.ToJsonString(), Is.EqualTo("""{"name":"tiny","unload":true}"""));
        Assert.That(
            (await server.PostAsync("{}", Index)).Body!.ToJsonString(),
            Is.EqualTo("""[{"name":"tiny","version":"7","state":"UNAVAILABLE","reason":"the model was unloaded"}]"""));
        Assert.That((await server.PostAsync("""{"ready":true}""", Index)).Body!.ToJsonString(), Is.EqualTo("[]"));
        var (status, body, _) = await server.PostAsync(Request);
        Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(body!["error"]!.GetValue<string>(), Is.EqualTo("model 'tiny' is not ready: the model was unloaded"));

        Assert.That((await server.PostAsync("{}", Load)).Body!.ToJsonString(), Is.EqualTo("""{"name":"tiny","load":true}"""));
        Assert.That((await server.PostAsync("{}", Index)).Body!.ToJsonString(), Is.EqualTo(Ready));
        Assert.That((await server.PostAsync(Request)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(Load, """{"parameters":{"config":"{}"}}""", 400, "parameters of a load are not supported")]
    [TestCase(Load, "[]", 400, "the request must be a JSON object, or empty")]
    [TestCase(Index, """{"ready":1}""", 400, "\"ready\" must be true or false")]
    [TestCase(Index, "{", 400, "the request is no valid JSON")]
    [TestCase("/v2/repository/models/other/load", "{}", 404, "model 'other' is not found; 'tiny' is served here")]
    [TestCase("/v2/repository/models/other/unload", "{}", 404, "model 'other' is not found; 'tiny' is served here")]
    public async Task What_cannot_be_done_is_told(string path, string json, int status, string error)
    {
        await using var server = await RunningServer.StartAsync(Identity, settings => settings with { ModelControl = true });
        var answer = await server.PostAsync(json, path);

        Assert.That((int)answer.Status, Is.EqualTo(status));
        Assert.That(answer.Body!["error"]!.GetValue<string>(), Does.Contain(error));
    }

    [Test]
    public async Task Over_gRPC_it_is_the_same()
    {
        await using var server = await RunningServer.StartAsync(Identity, settings => settings with { ModelControl = true });
        using var client = new GrpcClient(server.Grpc);
        async Task<string> StateAsync() =>
            (await client.CallAsync(Service + "RepositoryIndex", new RepositoryIndexRequest(), RepositoryIndexResponse.Parser)).Message!.Models.Single().State;

        Assert.That(await StateAsync(), Is.EqualTo("READY"));
        var unloaded = await client.CallAsync(
            Service + "RepositoryModelUnload", new RepositoryModelUnloadRequest { ModelName = "tiny" }, RepositoryModelUnloadResponse.Parser);
        Assert.That((unloaded.Status, unloaded.Error), Is.EqualTo((0, "")));
        Assert.That(await StateAsync(), Is.EqualTo("UNAVAILABLE"));
        var loaded = await client.CallAsync(Service + "RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "tiny" }, RepositoryModelLoadResponse.Parser);
        Assert.That((loaded.Status, loaded.Error), Is.EqualTo((0, "")));
        Assert.That(await StateAsync(), Is.EqualTo("READY"));
    }

    [Test]
    public async Task Requests_in_flight_are_answered_while_the_model_goes_and_comes()
    {
        await using var server = await RunningServer.StartAsync(Identity, settings => settings with { ModelControl = true });
        var done = false;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var statuses = new HashSet<HttpStatusCode>();
            while (!Volatile.Read(ref done))
            {
                statuses.Add((await server.PostAsync(Request)).Status);
            }
            return statuses;
        })).ToArray();

        for (var i = 0; i < 20; i++)
        {
            Assert.That((await server.PostAsync("{}", i % 4 == 0 ? Unload : Load)).Status, Is.EqualTo(HttpStatusCode.OK));
        }
        Volatile.Write(ref done, true);
        var seen = (await Task.WhenAll(callers)).SelectMany(statuses => statuses).ToHashSet();
        Assert.That(seen, Is.SubsetOf(new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        Assert.That(seen, Does.Contain(HttpStatusCode.OK));
    }
}
