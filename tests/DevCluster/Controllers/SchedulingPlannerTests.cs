using ModelOperator.DevCluster.Controllers.Scheduling;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class SchedulingPlannerTests
{
    [Test]
    public void A_pod_that_needs_a_gpu_says_that_none_is_there()
    {
        var placement = Place(Pod(limits: new() { ["nvidia.com/gpu"] = "1" }), Node("n"));

        Assert.That(placement, Is.EqualTo(new Placement(null, "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")));
    }

    [Test]
    public void Obstacles_are_counted_over_all_nodes()
    {
        var cordoned = Node("c");
        cordoned.Spec!.Unschedulable = true;

        var placement = Place(Pod(requests: new() { ["cpu"] = "3", ["memory"] = "1Gi" }), Node("a"), Node("b"), cordoned);

        Assert.That(placement.Message, Is.EqualTo("0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu."));
    }

    [Test]
    public void A_pod_goes_where_there_is_room()
    {
        var full = new ResourceAmounts();
        full.Add(ResourceAmounts.RequestedBy(Pod(requests: new() { ["cpu"] = "1500m" })));

        var placement = SchedulingPlanner.Place(
            Pod(requests: new() { ["cpu"] = "1" }), [Node("a"), Node("b")], n => n.Name() == "a" ? full : new ResourceAmounts());

        Assert.That(placement.NodeName, Is.EqualTo("b"));
    }

    [Test]
    public void A_node_selector_must_match()
    {
        var pod = Pod();
        pod.Spec!.NodeSelector = new Dictionary<string, string> { ["disk"] = "fast" };

        Assert.That(Place(pod, Node("n")).Message, Is.EqualTo("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."));
    }

    [Test]
    public void A_taint_keeps_pods_away_that_do_not_tolerate_it()
    {
        var node = Node("n");
        node.Spec!.Taints = [new V1Taint { Key = "gpu", Value = "only", Effect = "NoSchedule" }];
        var tolerant = Pod();
        tolerant.Spec!.Tolerations = [new V1Toleration { Key = "gpu", OperatorProperty = "Exists" }];

        Assert.That(Place(Pod(), node).Message, Is.EqualTo("0/1 nodes are available: 1 node(s) had untolerated taint {gpu: only}."));
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

    private static Placement Place(V1Pod pod, params V1Node[] nodes) => SchedulingPlanner.Place(pod, nodes, _ => new ResourceAmounts());

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
