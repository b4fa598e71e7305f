using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.DevCluster.Controllers.GarbageCollection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class CollectionPlannerTests
{
    private static readonly ResourceType ConfigMaps = new("v1", "configmaps", "ConfigMap", true);

    [Test]
    public void An_object_without_owners_is_nobodys_business()
    {
        Assert.That(CollectionPlanner.Judge(Node("a"), [], []), Is.EqualTo(CollectionVerdict.Keep));
    }

    [Test]
    public void An_object_whose_owners_are_all_gone_goes()
    {
        Assert.That(CollectionPlanner.Judge(Node("a", owner: "gone"), [], []), Is.EqualTo(CollectionVerdict.DeleteBackground));
        Assert.That(CollectionPlanner.Judge(Node("a", owner: "o"), [Node("o")], []), Is.EqualTo(CollectionVerdict.Keep));
    }

    [Test]
    public void Dependents_of_an_owner_in_foreground_deletion_go_first_and_then_the_owner()
    {
        var owner = Node("o", finalizer: GraphNode.ForegroundFinalizer);
        var dependent = Node("a", owner: "o");

        Assert.That(CollectionPlanner.Judge(dependent, [owner], []), Is.EqualTo(CollectionVerdict.DeleteBackground));
        Assert.That(CollectionPlanner.Judge(dependent, [owner], [Node("b", owner: "a")]), Is.EqualTo(CollectionVerdict.DeleteForeground));
        Assert.That(CollectionPlanner.Judge(owner, [], [dependent]), Is.EqualTo(CollectionVerdict.Keep));
        Assert.That(CollectionPlanner.Judge(owner, [], []), Is.EqualTo(CollectionVerdict.FinishForeground));
    }

    [Test]
    public void Dependents_of_an_orphaning_owner_are_set_free()
    {
        Assert.That(
            CollectionPlanner.Judge(Node("o", finalizer: GraphNode.OrphanFinalizer), [], [Node("a", owner: "o")]), Is.EqualTo(CollectionVerdict.Orphan));
    }

    [Test]
    public void The_graph_follows_changes_of_ownership()
    {
        var graph = new ObjectGraph();
        graph.Set(ConfigMaps, Node("a", owner: "o").Metadata);
        Assert.That(graph.DependentsOf("o").Select(n => n.Uid), Is.EqualTo(new[] { "a" }));

        graph.Set(ConfigMaps, Node("a", owner: "p").Metadata);
        Assert.That(graph.DependentsOf("o"), Is.Empty);

        graph.Remove("a");
        Assert.That(graph.DependentsOf("p"), Is.Empty);
    }

    private static GraphNode Node(string uid, string? owner = null, string? finalizer = null) => new(ConfigMaps, new V1ObjectMeta
    {
        Name = uid,
        Uid = uid,
        NamespaceProperty = "default",
        OwnerReferences = owner is null ? null : [new V1OwnerReference { Uid = owner, Name = owner, BlockOwnerDeletion = true }],
        Finalizers = finalizer is null ? null : [finalizer],
        DeletionTimestamp = finalizer is null ? null : DateTime.UnixEpoch,
    });
}
