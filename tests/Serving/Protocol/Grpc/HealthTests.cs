using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using Status = ModelOperator.Serving.Protocol.Grpc.Messages.HealthCheckResponse.Types.ServingStatus;

namespace ModelOperator.Serving.Tests.Protocol.Grpc;

internal sealed class HealthTests
{
    private const string Check = "/grpc.health.v1.Health/Check";
    private const string Watch = "/grpc.health.v1.Health/Watch";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TinyModel Identity = new TinyModel().Input("x", TinyModel.Float, "n").Output("y", TinyModel.Float, "n").Node("Identity", ["x"], "y");

    [TestCase("", 0, Status.Serving)]
    [TestCase("inference.GRPCInferenceService", 0, Status.Serving)]
    [TestCase("other", 5, null)]
    public async Task Check_tells_of_the_server_and_of_its_service(string service, int status, Status? expected)
    {
        await using var server = await RunningServer.StartAsync(Identity);
        using var client = new GrpcClient(server.Grpc);
        var reply = await client.CallAsync(Check, new HealthCheckRequest { Service = service }, HealthCheckResponse.Parser);

        Assert.That((reply.Status, reply.Message?.Status), Is.EqualTo((status, expected)), reply.Error);
    }

    [Test]
    public async Task Watch_tells_when_the_server_begins_to_stop_and_does_not_hold_it_up()
    {
        await using var server = await RunningServer.StartAsync(Identity);
        using var client = new GrpcClient(server.Grpc);
        using var patience = new CancellationTokenSource(Patience);
        await using var watch = client.StreamAsync(Watch, new HealthCheckRequest(), HealthCheckResponse.Parser, patience.Token)
            .GetAsyncEnumerator(patience.Token);

        Assert.That(await watch.MoveNextAsync(), Is.True);
        Assert.That(watch.Current.Status, Is.EqualTo(Status.Serving));

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.That(await watch.MoveNextAsync(), Is.True);
        Assert.That(watch.Current.Status, Is.EqualTo(Status.NotServing));

        var stopped = server.StopAsync();
        Assert.That(await watch.MoveNextAsync(), Is.False);
        await stopped.WaitAsync(patience.Token);
    }

    [Test]
    public async Task Watch_of_a_service_that_is_not_known_says_so_and_goes_on()
    {
        await using var server = await RunningServer.StartAsync(Identity);
        using var client = new GrpcClient(server.Grpc);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var answer in client.StreamAsync(Watch, new HealthCheckRequest { Service = "other" }, HealthCheckResponse.Parser, patience.Token))
        {
            Assert.That(answer.Status, Is.EqualTo(Status.ServiceUnknown));
            break;
        }
    }
}
