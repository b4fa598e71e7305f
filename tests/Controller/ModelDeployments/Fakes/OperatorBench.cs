using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Hosting;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Traffic;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>The whole controller on a cluster that fits into a dictionary, with a kubelet of a few lines.</summary>
internal sealed class OperatorBench : IDisposable
{
    public const string Digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly HttpClient _http;
    private int _pods;

    public OperatorBench()
    {
        Routers = new FakeRouters(Cluster);
        Judge = new FakeJudge(Clock);
        _http = new HttpClient(Routers);
        Cluster.Set(new V1Alpha1ServingRuntime
        {
            Metadata = new V1ObjectMeta { Name = "onnxruntime" },
            Spec = new ServingRuntimeSpec { Formats = ["onnx"], Image = "serving:1", Args = ["serve"], Fetch = new ModelFetcher { Image = "serving:1", Args = ["fetch"] } },
        });
        Cluster.Set(Ready(new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "router-0",
                NamespaceProperty = "system",
                Labels = new Dictionary<string, string> { [LabelNames.AppComponent] = "router", [LabelNames.AppPartOf] = "modeloperator" },
            },
        }));
        Restart();
    }

    public FakeCluster Cluster { get; } = new();

    public FakeClock Clock { get; } = new();

    public FakeRouters Routers { get; }

    public FakeJudge Judge { get; }

    /// <summary>What the next pods' init containers say that they fetched.</summary>
    public string Fetched { get; set; } = Digest;

    public bool PodsBecomeReady { get; set; } = true;

    /// <summary>Why the Gateway API cannot be followed, after the next restart; null when it can.</summary>
    public KubernetesException? GatewayApiRefusal { get; set; }

    public ModelDeploymentController Controller { get; private set; } = null!;

    public V1Alpha1ModelDeployment Deployment => Cluster.All<V1Alpha1ModelDeployment>().Single();

    public ModelDeploymentStatus Status => Deployment.Status;

    public IEnumerable<(string Revision, int Weight)> Route =>
        Cluster.All<V1Alpha1ModelRoute>().Single().Spec.Backends.Select(backend => (backend.Revision, backend.Weight));

    public V1Alpha1ModelRevision Revision(string name) => Cluster.All<V1Alpha1ModelRevision>().Single(revision => revision.Name() == name);

    /// <summary>A new process: nothing that was in memory is left.</summary>
    public void Restart()
    {
        bool Owned(IKubernetesObject<V1ObjectMeta> entity) => entity.GetLabel(LabelNames.Deployment) is not null;
        var caches = new ClusterCaches(
            new FakeInformer<V1Alpha1ModelDeployment>(Cluster),
            new FakeInformer<V1Alpha1ModelRevision>(Cluster, Owned),
            new FakeInformer<V1Alpha1ModelRoute>(Cluster, Owned),
            new FakeInformer<V1Alpha1RollbackPolicy>(Cluster),
            new FakeInformer<V1Alpha1ServingRuntime>(Cluster),
            new FakeInformer<V1Deployment>(Cluster, Owned),
            new FakeInformer<V1Service>(Cluster, Owned),
            new FakeInformer<V1ConfigMap>(Cluster, Owned),
            new FakeInformer<V1PodDisruptionBudget>(Cluster, Owned),
            new FakeInformer<V1Pod>(Cluster, Owned),
            new FakeInformer<V1Pod>(Cluster, pod => pod.GetLabel(LabelNames.AppComponent) == "router"));
        var gateways = new GatewayCaches(
            new FakeInformer<V1HttpRoute>(Cluster, Owned) { Refusal = GatewayApiRefusal },
            new FakeInformer<V1Gateway>(Cluster) { Refusal = GatewayApiRefusal },
            new FakeInformer<V1GatewayClass>(Cluster) { Refusal = GatewayApiRefusal });
        var options = new OperatorOptions { RouterUrl = "http://modelrouter.system" };
        var writer = new ObjectWriter(Cluster);
        Controller = new ModelDeploymentController(
            new Observer(Cluster, caches, new TrafficObserver(caches, gateways, new RouterFleet(_http, TimeProvider.System), options), Judge, Clock),
            new PlanExecutor(Cluster, caches, writer, new TrafficWriter(Cluster, caches, writer, new HttpRouteWriter(Cluster, gateways))),
            new RevisionRecords(Cluster, caches, writer, new CommandAuthors(Cluster, NullLogger<CommandAuthors>.Instance)),
            Cluster,
            new EventPublisher(Cluster, "modeloperator", Clock),
            new RolloutMetrics(new FakeMeters()),
            Clock,
            NullLogger<ModelDeploymentController>.Instance);
    }

    public void Apply(string version, Action<ModelDeploymentSpec>? edit = null)
    {
        var spec = new ModelDeploymentSpec
        {
            Model = new ModelSource { Uri = $"http://models/digits/{version}/model.onnx", Version = version },
            Replicas = 2,
            Rollout = new RolloutSettings
            {
                Steps = [new RolloutStep { Weight = 10, Hold = "10s" }, new RolloutStep { Weight = 50, Hold = "10s" }],
                Bake = "5s",
            },
        };
        edit?.Invoke(spec);
        var before = Cluster.All<V1Alpha1ModelDeployment>().SingleOrDefault();
        Cluster.Set(new V1Alpha1ModelDeployment
        {
            Metadata = before?.Metadata ?? new V1ObjectMeta { Name = "digits", NamespaceProperty = "default" },
            Spec = spec,
            Status = before?.Status ?? new ModelDeploymentStatus(),
        });
    }

    /// <summary>Reconciles, and lets pods follow, until nothing changes any more.</summary>
    public async Task RunToRestAsync()
    {
        for (var i = 0; i < 60; i++)
        {
            var before = Cluster.Writes.Count;
            var result = await Controller.ReconcileAsync(Deployment, default);
            Assert.That(result.IsSuccess, Is.True, result.ErrorMessage);
            if (Kubelet() | (Cluster.Writes.Count > before))
            {
                continue;
            }

            return;
        }

        Assert.Fail($"no rest after 60 passes: {Status.Message}; last writes: {string.Join(", ", Cluster.Writes.TakeLast(5))}");
    }

    public async Task PassAsync(int seconds)
    {
        Clock.Now += TimeSpan.FromSeconds(seconds);
        await RunToRestAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        Routers.Dispose();
    }

    /// <summary>Makes pods follow their Deployments; true when it did anything.</summary>
    public bool Kubelet()
    {
        var changed = false;
        foreach (var deployment in Cluster.All<V1Deployment>())
        {
            var pods = Cluster.All<V1Pod>().Where(pod => pod.GetLabel(LabelNames.Revision) == deployment.Name()).ToList();
            for (var i = pods.Count; i < deployment.Spec!.Replicas; i++, changed = true)
            {
                Cluster.Set(NewPod(deployment));
            }

            foreach (var surplus in pods.Skip(deployment.Spec.Replicas ?? 0))
            {
                Cluster.Remove(surplus);
                changed = true;
            }
        }

        return changed;
    }

    private V1Pod NewPod(V1Deployment deployment)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"{deployment.Name()}-{_pods++}",
                NamespaceProperty = deployment.Namespace(),
                Labels = deployment.Spec!.Template!.Metadata!.Labels,
            },
            Spec = deployment.Spec.Template.Spec!,
        };
        return PodsBecomeReady ? Ready(pod) : pod;
    }

    private V1Pod Ready(V1Pod pod)
    {
        pod.Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = "127.0.0.1",
            Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }],
            InitContainerStatuses =
            [
                new V1ContainerStatus
                {
                    Name = "fetch",
                    State = new V1ContainerState
                    {
                        Terminated = new V1ContainerStateTerminated { ExitCode = 0, Message = $$"""{"sha256":"{{Fetched}}","bytes":3}""" },
                    },
                },
            ],
        };
        return pod;
    }
}
