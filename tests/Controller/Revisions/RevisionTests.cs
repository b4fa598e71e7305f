using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Revisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Revisions;

public sealed class RevisionTests
{
    [Test]
    public void The_hash_of_a_spec_never_changes_between_versions_of_the_operator() =>
        Assert.That(ContentHash.Of(Spec()), Is.EqualTo("dff1f0907e82cc64"), "every running deployment would get a new revision on upgrade");

    [Test]
    public void Defaults_empty_values_and_the_order_of_maps_do_not_count()
    {
        var spelled = Spec();
        spelled.Model.Format = "onnx";
        spelled.Model.Lineage = new ModelLineage { Metrics = new Dictionary<string, string>() };
        spelled.Runtime = new RuntimeSettings { Args = [], Env = [] };
        var (first, second) = (Spec(), Spec());
        first.Model.Lineage = new ModelLineage { Metrics = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };
        second.Model.Lineage = new ModelLineage { Metrics = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        Assert.Multiple(() =>
        {
            Assert.That(ContentHash.Of(spelled), Is.EqualTo(ContentHash.Of(Spec())));
            Assert.That(ContentHash.Of(first), Is.EqualTo(ContentHash.Of(second)));
        });
    }

    [Test]
    public void Model_runtime_and_accelerator_count_and_nothing_else_does()
    {
        var plain = ContentHash.Of(Spec());
        Assert.Multiple(() =>
        {
            Assert.That(Changed(spec => spec.Model.Sha256 = new string('a', 64)), Is.Not.EqualTo(plain));
            Assert.That(Changed(spec => spec.Runtime = new RuntimeSettings { Args = ["-v"] }), Is.Not.EqualTo(plain));
            Assert.That(Changed(spec => spec.Runtime = new RuntimeSettings { Env = [new V1EnvVar { Name = "A" }] }), Is.Not.EqualTo(plain));
            Assert.That(Changed(spec => spec.Accelerator = new Accelerator()), Is.Not.EqualTo(plain), "an empty block still asks for a GPU");
            Assert.That(Changed(spec => spec.Replicas = 7), Is.EqualTo(plain));
            Assert.That(Changed(spec => spec.Rollout = new RolloutSettings { Bake = "1s" }), Is.EqualTo(plain));
            Assert.That(Changed(spec => spec.Traffic = new TrafficSettings { Failover = false }), Is.EqualTo(plain));
        });
    }

    [Test]
    public void The_order_of_arguments_counts()
    {
        var first = Changed(spec => spec.Runtime = new RuntimeSettings { Args = ["a", "b"] });
        Assert.That(Changed(spec => spec.Runtime = new RuntimeSettings { Args = ["b", "a"] }), Is.Not.EqualTo(first));
    }

    [Test]
    public void The_oldest_records_beyond_the_limit_go_but_never_one_in_use_nor_the_newest()
    {
        var revisions = Enumerable.Range(1, 6).Select(Record).ToList();
        var surplus = RevisionHistory.Surplus(revisions, new HashSet<string> { "digits-r1", "digits-r4" }, limit: 2);
        Assert.That(surplus.Select(revision => revision.Spec.Number), Is.EqualTo([2]));
        Assert.That(RevisionHistory.Surplus(revisions, new HashSet<string>(), limit: 0).Select(r => r.Spec.Number), Has.None.EqualTo(6));
    }

    private static string Changed(Action<ModelDeploymentSpec> edit)
    {
        var spec = Spec();
        edit(spec);
        return ContentHash.Of(spec);
    }

    private static V1Alpha1ModelRevision Record(int number) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"digits-r{number}" },
        Spec = new ModelRevisionSpec { Deployment = "digits", Number = number },
    };

    private static ModelDeploymentSpec Spec() => new()
    {
        Model = new ModelSource { Uri = "https://models.example.com/digits/2/model.onnx", Version = "2" },
        Replicas = 2,
    };
}
