using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class ResourceClientTests
{
    private static readonly EntityMetadata Gadgets = new("example.com", "v1", "Gadget", "gadgets", EntityScope.Namespaced);

    private FakeApi _api = null!;
    private KubernetesClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task A_field_that_no_type_knows_survives_reading_and_writing_back()
    {
        const string Gadget = """{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"a","namespace":"default","novel":{"x":1}},"spec":{"y":[1,"2",null]}}""";
        _api.Reply(Answer.Json(Gadget));
        _api.Reply(Answer.Json(Gadget));

        var gadget = await _client.Resource(Gadgets).GetAsync("a", "default");
        await _client.Resource(Gadgets).UpdateAsync(gadget!, "me");

        var put = _api.Requests.Last();
        Assert.That((put.Method, put.Path), Is.EqualTo(("PUT", "/apis/example.com/v1/namespaces/default/gadgets/a")));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(put.Body), JsonNode.Parse(Gadget)), Is.True, put.Body);
    }

    [Test]
    public async Task What_does_not_exist_is_null_and_deleting_it_is_no_error()
    {
        for (var i = 0; i < 3; i++)
        {
            _api.Reply(Answer.Refusal(404, "NotFound", "not found"));
        }

        Assert.That(await _client.Resource(Gadgets).GetAsync("a", "default"), Is.Null);
        Assert.That(await _client.Resource(Gadgets).DeleteAsync("a", "default"), Is.False);
        Assert.That(await _client.GetScaleAsync<V1Deployment>("a", "default"), Is.Null);
    }

    [Test]
    public async Task A_list_whose_snapshot_is_gone_midway_is_taken_again_in_one_piece()
    {
        _api.Reply(Answer.Json("""{"metadata":{"continue":"more"},"items":[{"metadata":{"name":"a"}}]}"""));
        _api.Reply(Answer.Refusal(410, "Expired", "too old"));
        _api.Reply(Answer.Json("""{"metadata":{},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}"""));

        var items = await _client.Resource(Gadgets).ListAsync(labelSelector: "x=y");

        Assert.That(items.Select(item => item!["metadata"]!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(_api.Requests.Select(request => request.Query.GetValueOrDefault("limit")), Is.EqualTo(new[] { "500", "500", null }));
    }

    [Test]
    public async Task A_json_patch_can_demand_what_it_changes()
    {
        _api.Reply(Answer.Refusal(422, "Invalid", "the test of the patch failed"));
        var patch = new JsonArray(
            new JsonObject { ["op"] = "test", ["path"] = "/metadata/finalizers/0", ["value"] = "example.com/finalizer" },
            new JsonObject { ["op"] = "remove", ["path"] = "/metadata/finalizers/0" });

        var error = await Assert.ThrowsAsync<KubernetesException>(() => _client.Resource(Gadgets).PatchAsync("a", "default", PatchType.JsonPatch, patch));

        Assert.That(error!.IsInvalid, Is.True);
        var request = _api.Requests.Single();
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json-patch+json"));
        Assert.That(request.Body, Does.StartWith("""[{"op":"test","path":"/metadata/finalizers/0","value":"example.com/finalizer"}"""));
    }

    [Test]
    public async Task A_scale_is_read_and_patched_whatever_the_kind()
    {
        const string Scale = """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"a","namespace":"default"},"spec":{"replicas":3},"status":{"replicas":2,"selector":"app=a"}}""";
        _api.Reply(Answer.Json(Scale));
        _api.Reply(Answer.Json(Scale));

        var scale = await _client.GetScaleAsync<V1Deployment>("a", "default");
        await _client.PatchScaleAsync<V1Deployment>(
            "a", "default", PatchType.MergePatch, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 4 } }, "me");

        Assert.That((scale!.Spec!.Replicas, scale.Status!.Replicas, scale.Status.Selector), Is.EqualTo((3, 2, "app=a")));
        Assert.That(_api.Requests.Select(request => request.Path), Is.All.EqualTo("/apis/apps/v1/namespaces/default/deployments/a/scale"));
        Assert.That(_api.Requests.Last().Query["fieldManager"], Is.EqualTo("me"));
    }

    [Test]
    public async Task A_create_goes_to_the_namespace_of_the_object_and_a_delete_states_its_preconditions()
    {
        _api.Reply(Answer.Json("""{"metadata":{"name":"a"}}""", 201));
        _api.Reply(Answer.Json("""{"kind":"Status","status":"Success"}"""));

        await _client.Resource(Gadgets).CreateAsync(JsonNode.Parse("""{"metadata":{"name":"a","namespace":"models"}}""")!.AsObject());
        await _client.Resource(Gadgets).DeleteAsync("a", "models", new DeleteOptions(Uid: "u-1", ResourceVersion: "7"));

        Assert.That(
            _api.Requests.Select(request => $"{request.Method} {request.Path}"),
            Is.EqualTo(new[] { "POST /apis/example.com/v1/namespaces/models/gadgets", "DELETE /apis/example.com/v1/namespaces/models/gadgets/a" }));
        Assert.That(_api.Requests.Last().Body, Does.Contain("""{"uid":"u-1","resourceVersion":"7"}"""));
    }
}
