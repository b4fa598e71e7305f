using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

/// <summary>
/// Ends the operator between the writes of a life that changes its provider in the middle of a rollout, and back. After every single
/// write somebody must have a route, and nobody may be sent requests that has no pods.
/// </summary>
public sealed class ProviderChangeKillPointTests
{
    [Test]
    public async Task No_request_is_sent_to_nobody_wherever_the_operator_dies_and_the_end_is_the_same()
    {
        var (reference, writes) = await LifeAsync(int.MaxValue);
        Assert.That(writes, Is.GreaterThan(70), "the life is too short to mean anything");
        for (var point = 0; point < writes; point++)
        {
            Assert.That((await LifeAsync(point)).End, Is.EqualTo(reference), $"killed before write {point + 1}");
        }
    }

    private static async Task<(IReadOnlyList<string> End, int Writes)> LifeAsync(int writesLeft)
    {
        using var bench = new OperatorBench();
        var gateway = new FakeGateway(bench.Cluster);
        bench.Cluster.WritesLeft = writesLeft;
        async Task Rest()
        {
            do
            {
                try
                {
                    await bench.RunToRestAsync();
                }
                catch (ProcessKilledException)
                {
                    bench.Cluster.WritesLeft = int.MaxValue;
                    bench.Restart();
                    bench.Kubelet();
                    await bench.RunToRestAsync();
                }
            }
            while (gateway.TakeIn());
        }

        bench.Apply("1");
        await Rest();
        bench.Cluster.Written = () => Check(bench.Cluster, gateway);
        bench.Apply("2");
        await Rest();

        // In its first step, requests of which come by both for a while.
        bench.Apply("2", OnGateway);
        await Rest();
        foreach (var seconds in new[] { 10, 10, 5 })
        {
            bench.Clock.Now += TimeSpan.FromSeconds(seconds);
            await Rest();
        }

        Assert.That((bench.Status.Phase, bench.Status.Stable!.Revision), Is.EqualTo(("Available", "digits-r2")), bench.Status.Message);
        bench.Apply("3", OnGateway);
        await Rest();
        bench.Judge.Decision = JudgementDecision.Rollback;
        bench.Apply("3");
        await Rest();
        return (
            [
                $"{bench.Status.Phase} {bench.Status.Stable!.Revision} {bench.Status.Message}",
                .. bench.Route.Select(arm => $"{arm.Revision} {arm.Weight} %"),
                $"{bench.Cluster.All<V1HttpRoute>().Count} HTTPRoutes",
                .. bench.Cluster.All<V1Deployment>().Select(workload => $"{workload.Name()} {workload.Spec!.Replicas} pods"),
            ],
            bench.Cluster.Writes.Count);
    }

    private static void OnGateway(ModelDeploymentSpec spec) => spec.Traffic = new TrafficSettings
    {
        Provider = "GatewayAPI",
        GatewayRef = new GatewayReference { Name = "public", Namespace = "gateways" },
    };

    // Routers serve what is written at once, the Gateway what it has taken in.
    private static void Check(FakeCluster cluster, FakeGateway gateway)
    {
        var byRouters = cluster.All<V1Alpha1ModelRoute>().SingleOrDefault()?.Spec.Backends.Where(backend => backend.Weight > 0).Select(backend => backend.Revision) ?? [];
        var sent = byRouters.Concat(gateway.Served.Where(arm => arm.GetsRequests).Select(arm => arm.Revision)).Distinct().ToList();
        var pods = cluster.All<V1Deployment>().ToDictionary(workload => workload.Name(), workload => workload.Spec!.Replicas);
        Assert.That(sent, Is.Not.Empty, $"nobody has a route after {cluster.Writes[^1]}");
        Assert.That(sent.Where(revision => pods[revision] == 0), Is.Empty, $"sent requests without pods after {cluster.Writes[^1]}");
    }
}
