using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Tests.Node;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class ControllersTests
{
    private RunningCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartCluster() => _cluster = await RunningCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopCluster() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_deployment_runs_rolls_and_is_collected()
    {
        var space = await _cluster.NamespaceAsync("rolls");
        await _cluster.Client.CreateAsync(Service(space));
        var deployment = await _cluster.Client.CreateAsync(Deployment(space, "sleep 600"));
        await _cluster.UntilAsync<V1Deployment>("web", space, d => IsComplete(d, 2));
        await _cluster.UntilAllAsync<V1EndpointSlice>(space, s => s.Count == 1 && s[0].Endpoints.Count(e => e.Conditions!.Ready == true) == 2);

        await _cluster.Client.PatchAsync<V1Deployment>(
            "web", space, PatchType.StrategicMergePatch,
            JsonNode.Parse("""{"spec":{"template":{"metadata":{"labels":{"version":"2"}}}}}""")!);

        var done = await _cluster.UntilAsync<V1Deployment>("web", space, d => d?.Metadata.Generation > deployment.Metadata.Generation && IsComplete(d, 2));
        Assert.That(done!.GetAnnotation("deployment.kubernetes.io/revision"), Is.EqualTo("2"));
        Assert.That(done!.Status!.Conditions!.Single(c => c.Type == "Progressing").Reason, Is.EqualTo("NewReplicaSetAvailable"));
        await _cluster.UntilAllAsync<V1Pod>(space, p => p.Count == 2 && p.All(x => x.GetLabel("version") == "2"));

        await _cluster.Client.DeleteAsync<V1Deployment>("web", space);
        await _cluster.UntilAllAsync<V1Pod>(space, p => p.Count == 0);
        await _cluster.UntilAllAsync<V1ReplicaSet>(space, r => r.Count == 0);
        await _cluster.UntilAllAsync<V1EndpointSlice>(space, s => s.Single().Endpoints.Count == 0);
    }

    [Test]
    public async Task Kubectl_follows_a_rollout_to_its_end_and_undoes_it()
    {
        var space = await _cluster.NamespaceAsync("kubectl");
        await _cluster.Client.CreateAsync(Deployment(space, "sleep 600"));
        Assert.That(await _cluster.KubectlAsync(space, "rollout", "status", "deployment/web", "--timeout=60s"), Does.Contain("successfully rolled out"));

        await _cluster.KubectlAsync(space, "set", "env", "deployment/web", "VERSION=2");
        Assert.That(await _cluster.KubectlAsync(space, "rollout", "status", "deployment/web", "--timeout=60s"), Does.Contain("successfully rolled out"));
        await _cluster.KubectlAsync(space, "rollout", "undo", "deployment/web");
        await _cluster.KubectlAsync(space, "rollout", "status", "deployment/web", "--timeout=60s");

        var undone = await _cluster.Client.GetAsync<V1Deployment>("web", space);
        Assert.That(undone!.GetAnnotation("deployment.kubernetes.io/revision"), Is.EqualTo("3"));
        Assert.That((await _cluster.Client.ListAsync<V1ReplicaSet>(space)).Items, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_deployment_follows_its_size()
    {
        var space = await _cluster.NamespaceAsync("sizes");
        await _cluster.Client.CreateAsync(Deployment(space, "sleep 600"));
        await _cluster.UntilAsync<V1Deployment>("web", space, d => IsComplete(d, 2));

        foreach (var size in (int[])[4, 1, 0])
        {
            await _cluster.Client.PatchAsync<V1Deployment>(
                "web", space, PatchType.MergePatch, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = size } });
            await _cluster.UntilAsync<V1Deployment>("web", space, d => IsComplete(d, size));
        }

        await _cluster.UntilAllAsync<V1Pod>(space, p => p.Count == 0);
    }

    [Test]
    public async Task A_foreground_deletion_waits_for_the_pods()
    {
        var space = await _cluster.NamespaceAsync("foreground");
        await _cluster.Client.CreateAsync(Deployment(space, "sleep 600"));
        await _cluster.UntilAsync<V1Deployment>("web", space, d => IsComplete(d, 2));

        await _cluster.Client.DeleteAsync<V1Deployment>("web", space, new DeleteOptions(PropagationPolicy: "Foreground"));

        await _cluster.UntilAsync<V1Deployment>("web", space, d => d is null);
        Assert.That((await _cluster.Client.ListAsync<V1Pod>(space)).Items, Is.Empty);
    }

    [Test]
    public async Task A_deleted_namespace_is_emptied_and_goes()
    {
        var space = await _cluster.NamespaceAsync("empties");
        await _cluster.Client.CreateAsync(Service(space));
        await _cluster.Client.CreateAsync(Deployment(space, "sleep 600"));
        await _cluster.UntilAsync<V1Deployment>("web", space, d => IsComplete(d, 2));

        await _cluster.Client.DeleteAsync<V1Namespace>(space);

        await _cluster.UntilAsync<V1Namespace>(space, null, n => n is null);
    }

    private static bool IsComplete(V1Deployment? deployment, int replicas) =>
        deployment is { Status: { } status }
        && status.ObservedGeneration == deployment.Metadata.Generation
        && deployment.Spec!.Replicas == replicas
        && (status.Replicas ?? 0) == replicas
        && (status.UpdatedReplicas ?? 0) == replicas
        && (status.AvailableReplicas ?? 0) == replicas;

    private static V1Service Service(string space) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = space },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http" }],
        },
    };

    private static V1Deployment Deployment(string space, string script)
    {
        var labels = new Dictionary<string, string> { ["app"] = "web" };
        return new V1Deployment
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = space },
            Spec = new V1DeploymentSpec
            {
                Replicas = 2,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels }, Spec = NodeTests.Pod("", script).Spec },
            },
        };
    }
}
