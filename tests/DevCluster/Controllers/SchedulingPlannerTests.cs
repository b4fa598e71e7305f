using ModelOperator.DevCluster.Controllers.Scheduling;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class SchedulingPlannerTests
{
    private const string NotHelpful = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";

    [Test]
    public void A_pod_that_needs_a_gpu_says_that_none_is_there()
    {
        var placement = Place(Pod(limits: new() { ["nvidia.com/gpu"] = "1" }), Node("n"));

        Assert.That(placement, Is.EqualTo(new Placement(null, $"0/1 nodes are available: 1 Insufficient nvidia.com/gpu. {NotHelpful}")));
    }

    [Test]
    public void Obstacles_are_counted_over_all_nodes()
    {
        var cordoned = Node("c");
        cordoned.Spec!.Unschedulable = true;

        var placement = Place(Pod(requests: new() { ["cpu"] = "3", ["memory"] = "1Gi" }), Node("a"), Node("b"), cordoned);

        Assert.That(placement.Message, Is.EqualTo("0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."));
    }

    [Test]
    public void A_node_that_is_merely_full_has_nobody_to_make_room()
    {
        var placement = SchedulingPlanner.Place(
            Pod(requests: new() { ["cpu"] = "1" }), [Node("a")], _ => ResourceAmounts.RequestedBy(Pod(requests: new() { ["cpu"] = "1500m" })), _ => null);

        Assert.That(
            placement.Message,
            Is.EqualTo(
                "0/1 nodes are available: 1 Insufficient cpu. "
                + "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."));
    }

    [TestCase(null, "persistentvolumeclaim \"models\" not found")]
    [TestCase(ClaimState.Pending, "pod has unbound immediate PersistentVolumeClaims")]
    public void A_pod_waits_for_its_claims(object? state, string reason)
    {
        var pod = Pod();
        pod.Spec!.Volumes = [new V1Volume { Name = "v", PersistentVolumeClaim = new() { ClaimName = "models" } }];

        var placement = SchedulingPlanner.Place(pod, [Node("n")], _ => new ResourceAmounts(), _ => (ClaimState?)state);

        Assert.That(placement.Message, Is.EqualTo($"0/1 nodes are available: {reason}. {NotHelpful}"));
        Assert.That(SchedulingPlanner.Place(pod, [Node("n")], _ => new ResourceAmounts(), _ => ClaimState.Bound).NodeName, Is.EqualTo("n"));
    }

    [TestCase("In", "fast", ExpectedResult = true)]
    [TestCase("In", "slow", ExpectedResult = false)]
    [TestCase("NotIn", "slow", ExpectedResult = true)]
    [TestCase("Exists", null, ExpectedResult = true)]
    [TestCase("DoesNotExist", null, ExpectedResult = false)]
    public bool Required_node_affinity_must_hold(string operation, string? value)
    {
        var pod = Pod();
        var requirement = new V1NodeSelectorRequirement { Key = "disk", OperatorProperty = operation, Values = value is null ? null : [value] };
        pod.Spec!.Affinity = new V1Affinity
        {
            NodeAffinity = new()
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [new V1NodeSelectorTerm { MatchExpressions = [requirement] }] },
            },
        };
        var node = Node("n");
        node.Metadata.Labels = new Dictionary<string, string> { ["disk"] = "fast" };

        return Place(pod, node).NodeName == "n";
    }

    [Test]
    public void Sidecars_count_beside_the_containers()
    {
        var pod = Pod(requests: new() { ["cpu"] = "1" });
        V1Container Init(string cpu, bool sidecar) => new()
        {
            RestartPolicy = sidecar ? "Always" : null,
            Resources = new V1ResourceRequirements { Requests = new Dictionary<string, string> { ["cpu"] = cpu } },
        };
        pod.Spec!.InitContainers = [Init("1", sidecar: true), Init("500m", sidecar: false)];
        Assert.That(ResourceAmounts.RequestedBy(pod)["cpu"], Is.EqualTo(2));

        pod.Spec.InitContainers = [Init("1", sidecar: true), Init("3", sidecar: false)];
        Assert.That(ResourceAmounts.RequestedBy(pod)["cpu"], Is.EqualTo(4));
    }

    [Test]
    public void A_pod_goes_where_there_is_room()
    {
        var full = new ResourceAmounts();
        full.Add(ResourceAmounts.RequestedBy(Pod(requests: new() { ["cpu"] = "1500m" })));

        var placement = SchedulingPlanner.Place(
            Pod(requests: new() { ["cpu"] = "1" }), [Node("a"), Node("b")], n => n.Name() == "a" ? full : new ResourceAmounts(), _ => null);

        Assert.That(placement.NodeName, Is.EqualTo("b"));
    }

    [Test]
    public void A_node_selector_must_match()
    {
        var pod = Pod();
        pod.Spec!.NodeSelector = new Dictionary<string, string> { ["disk"] = "fast" };

        Assert.That(Place(pod, Node("n")).Message, Does.StartWith("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. "));
    }

    [Test]
    public void A_taint_keeps_pods_away_that_do_not_tolerate_it()
    {
        var node = Node("n");
        node.Spec!.Taints = [new V1Taint { Key = "gpu", Value = "only", Effect = "NoSchedule" }];
        var tolerant = Pod();
        tolerant.Spec!.Tolerations = [new V1Toleration { Key = "gpu", OperatorProperty = "Exists" }];

        Assert.That(Place(Pod(), node).Message, Does.StartWith("0/1 nodes are available: 1 node(s) had untolerated taint(s). "));
        Assert.That(Place(tolerant, node).NodeName, Is.EqualTo("n"));
    }

    [Test]
    public void Init_containers_count_only_when_they_need_more_than_the_rest()
    {
        var pod = Pod(requests: new() { ["cpu"] = "1" });
        pod.Spec!.InitContainers = [new V1Container { Resources = new V1ResourceRequirements { Requests = new Dictionary<string, string> { ["cpu"] = "2" } } }];

        Assert.That(ResourceAmounts.RequestedBy(pod)["cpu"], Is.EqualTo(2));
    }

    [Test]
    public void Without_nodes_there_is_nothing_to_count()
    {
        Assert.That(Place(Pod()).Message, Is.EqualTo("no nodes available to schedule pods"));
    }

    private static Placement Place(V1Pod pod, params V1Node[] nodes) => SchedulingPlanner.Place(pod, nodes, _ => new ResourceAmounts(), _ => null);

    private static V1Node Node(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus
        {
            Allocatable = new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "8Gi", ["pods"] = "110" },
            Conditions = [new V1NodeCondition { Type = "Ready", Status = "True" }],
        },
    };

    private static V1Pod Pod(Dictionary<string, string>? requests = null, Dictionary<string, string>? limits = null) => new()
    {
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Resources = new V1ResourceRequirements { Requests = requests, Limits = limits } }],
        },
    };
}
