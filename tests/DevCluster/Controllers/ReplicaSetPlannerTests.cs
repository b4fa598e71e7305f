using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class ReplicaSetPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Ended_and_ending_pods_are_replaced()
    {
        var plan = Plan(3, Pod("a"), Pod("b", phase: "Failed"), Pod("c", deleted: true));

        Assert.That(plan.Create, Is.EqualTo(2));
        Assert.That(plan.Status.Replicas, Is.EqualTo(1));
    }

    [Test]
    public void Pods_that_nobody_would_miss_go_first()
    {
        var plan = Plan(
            1,
            Pod("ready-long", readySince: Now.AddHours(-2)),
            Pod("ready-short", readySince: Now.AddMinutes(-1)),
            Pod("unready", ready: false),
            Pod("unbound", node: null, phase: "Pending", ready: false),
            Pod("pending", phase: "Pending", ready: false),
            Pod("restarts", readySince: Now.AddMinutes(-1), restarts: 7));

        Assert.That(
            plan.Delete.Select(p => p.Metadata.Name), Is.EqualTo(new[] { "unbound", "pending", "unready", "restarts", "ready-short" }));
    }

    [Test]
    public void A_replica_set_that_is_being_deleted_neither_makes_nor_deletes()
    {
        var replicaSet = ReplicaSet(3);
        replicaSet.Metadata.DeletionTimestamp = Now.UtcDateTime;

        var plan = ReplicaSetPlanner.Plan(replicaSet, [Pod("a")], Now);

        Assert.That((plan.Create, plan.Delete.Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_ready_pod_is_available_only_after_minReadySeconds()
    {
        var replicaSet = ReplicaSet(1);
        replicaSet.Spec.MinReadySeconds = 30;
        var pod = Pod("a", readySince: Now.AddSeconds(-10));

        var early = ReplicaSetPlanner.Plan(replicaSet, [pod], Now);
        var late = ReplicaSetPlanner.Plan(replicaSet, [pod], Now.AddSeconds(20));

        Assert.That((early.Status.ReadyReplicas, early.Status.AvailableReplicas), Is.EqualTo((1, 0)));
        Assert.That(early.LookAgainAt, Is.EqualTo(Now.AddSeconds(20)));
        Assert.That((late.Status.AvailableReplicas, late.LookAgainAt), Is.EqualTo((1, (DateTimeOffset?)null)));
    }

    [Test]
    public void A_view_is_stale_until_every_write_was_seen_or_given_up()
    {
        var time = new ManualTime(Now);
        var expectations = new Expectations(time);
        var key = new ObjectKey("default", "web");
        expectations.Expect(key, "+a");
        expectations.Expect(key, "+b");
        expectations.Settle(key, "+a");
        Assert.That(expectations.OutstandingUntil(key), Is.Not.Null);

        expectations.Settle(key, "+b");
        Assert.That(expectations.OutstandingUntil(key), Is.Null);

        expectations.Expect(key, "+c");
        time.Now = expectations.OutstandingUntil(key)!.Value;
        Assert.That(expectations.OutstandingUntil(key), Is.Null);
    }

    private static ReplicaSetPlan Plan(int replicas, params V1Pod[] pods) => ReplicaSetPlanner.Plan(ReplicaSet(replicas), pods, Now);

    [Test]
    public void A_pod_has_every_field_of_its_template()
    {
        var replicaSet = ReplicaSet(1);
        replicaSet.Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "r" };
        replicaSet.Spec.Template = (JsonObject)JsonNode.Parse(
            """{"metadata":{"labels":{"app":"web"}},"spec":{"affinity":{"nodeAffinity":{}},"containers":[{"name":"c","lifecycle":{"preStop":{"exec":{}}}}]}}""")!;

        var pod = ReplicaSetPods.Create(replicaSet, out var name);

        Assert.That(JsonNode.DeepEquals(pod["spec"], replicaSet.Spec.Template["spec"]), pod.ToJsonString());
        Assert.That((string?)pod["metadata"]!["name"], Is.EqualTo(name).And.StartsWith("web-"));
        Assert.That((string?)pod["metadata"]!["ownerReferences"]![0]!["uid"], Is.EqualTo("r"));
    }

    private static ReplicaSet ReplicaSet(int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", Generation = 1 },
        Spec = new ReplicaSetSpec { Replicas = replicas },
    };

    private static V1Pod Pod(
        string name,
        string phase = "Running",
        bool ready = true,
        bool deleted = false,
        string? node = "n",
        DateTimeOffset? readySince = null,
        int restarts = 0) => new()
        {
            Metadata = new V1ObjectMeta { Name = name, DeletionTimestamp = deleted ? Now.UtcDateTime : null },
            Spec = new V1PodSpec { NodeName = node },
            Status = new V1PodStatus
            {
                Phase = phase,
                Conditions =
                [
                    new V1PodCondition
                    {
                        Type = "Ready",
                        Status = ready ? "True" : "False",
                        LastTransitionTime = (readySince ?? Now.AddHours(-1)).UtcDateTime,
                    },
                ],
                ContainerStatuses = [new V1ContainerStatus { RestartCount = restarts }],
            },
        };

    private sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
