using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class ApplyTests : ClusterTests
{
    [Test]
    public async Task The_first_apply_creates_and_the_same_again_changes_nothing()
    {
        var first = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web"), "one");
        var again = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web"), "one");

        Assert.That((first.Code, again.Code), Is.EqualTo((201, 200)));
        Assert.That(again.Version, Is.EqualTo(first.Version));
        Assert.That(Owned(again, "one").ToJsonString(), Does.Contain("""k:{\u0022name\u0022:\u0022web\u0022}""").And.Not.Contains("f:replicas"));
    }

    [Test]
    public async Task A_field_that_another_manager_owns_at_another_value_conflicts_by_name()
    {
        await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":1,"), "one");

        var refused = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":2,"), "two");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((409, "Conflict")));
        Assert.That(refused.Message, Is.EqualTo("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas"));
        Assert.That(refused.Json!["details"]!["causes"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(".spec.replicas"));
    }

    [Test]
    public async Task Force_takes_the_field_away()
    {
        await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":1,"), "one");

        var forced = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":2,"), "two", force: true);

        Assert.That(forced.At("spec", "replicas")!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(Owned(forced, "one")["f:spec"]!["f:replicas"], Is.Null);
        Assert.That(Owned(forced, "two")["f:spec"]!["f:replicas"], Is.Not.Null);
    }

    [Test]
    public async Task A_field_that_is_no_longer_applied_goes_unless_someone_else_owns_it()
    {
        await Cluster.ApplyAsync($"{Core}/configmaps/cm", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"a":"1","b":"1"}}""", "one");
        await Cluster.ApplyAsync($"{Core}/configmaps/cm", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"b":"1"}}""", "two");

        var result = await Cluster.ApplyAsync($"{Core}/configmaps/cm", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"c":"1"}}""", "one");

        Assert.That(result.At("data")!.ToJsonString(), Is.EqualTo("""{"b":"1","c":"1"}"""));
    }

    [Test]
    public async Task Items_of_a_map_list_belong_to_whoever_applied_them()
    {
        await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web"), "one");
        var sidecar = Deployment("web").Replace("\"name\":\"web\",\"image\":\"nginx\"", "\"name\":\"side\",\"image\":\"s\"");
        await Cluster.ApplyAsync($"{Apps}/deployments/web", sidecar, "two");

        var result = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web").Replace("nginx", "nginx:2"), "one");

        var containers = result.Json!["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.That(containers.Select(item => item!["image"]!.GetValue<string>()), Is.EquivalentTo((string[])["nginx:2", "s"]));
    }

    [Test]
    public async Task An_update_takes_ownership_and_is_named_in_a_conflict()
    {
        await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":1,"), "one");
        await Cluster.SendAsync(HttpMethod.Patch, $"{Apps}/deployments/web?fieldManager=human", """{"spec":{"replicas":5}}""", "application/merge-patch+json");

        var refused = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"replicas\":1,"), "one");

        Assert.That(refused.Message, Does.Match("^Apply failed with 1 conflict: conflict with \"human\" using apps/v1: \\.spec\\.replicas$"));
    }

    [Test]
    public async Task Status_is_applied_through_its_own_door()
    {
        await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web"), "one");

        const string Status = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"status":{"replicas":2}}""";
        var result = await Cluster.ApplyAsync($"{Apps}/deployments/web/status", Status, "controller");

        Assert.That(result.At("status", "replicas")!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(result.At("metadata", "generation")!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(Entry(result, "controller")["subresource"]!.GetValue<string>(), Is.EqualTo("status"));
        Assert.That((await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web"), "one")).At("status", "replicas")!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task Apply_needs_a_manager_and_known_fields()
    {
        var anonymous = await Cluster.SendAsync(HttpMethod.Patch, $"{Core}/configmaps/cm", ConfigMap("cm"), "application/apply-patch+yaml");
        var unknown = await Cluster.ApplyAsync($"{Apps}/deployments/web", Deployment("web", "\"foo\":1,"), "one");

        Assert.That(anonymous.Message, Does.Contain("fieldManager: Required value: is required for apply patch"));
        Assert.That(unknown.Message, Does.EndWith(".spec.foo: field not declared in schema"));
    }

    [Test]
    public async Task A_YAML_body_is_applied_too()
    {
        var result = await Cluster.ApplyAsync($"{Core}/configmaps/cm", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  a: \"1\"\n", "one");

        Assert.That(result.At("data", "a")!.GetValue<string>(), Is.EqualTo("1"));
    }

    private static JsonNode Entry(Answer answer, string manager) =>
        answer.Json!["metadata"]!["managedFields"]!.AsArray().Single(entry => entry!["manager"]!.GetValue<string>() == manager)!;

    private static JsonNode Owned(Answer answer, string manager) => Entry(answer, manager)["fieldsV1"]!;
}
