using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class ServerSideApplyTests
{
    private static readonly V1ConfigMap Wanted = new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "a",
            NamespaceProperty = "default",
            ResourceVersion = "7",
            Uid = "u-1",
            CreationTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        },
        Data = new Dictionary<string, string> { ["v"] = "1" },
    };

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

    [TestCase(201, TestName = "An_apply_that_creates_returns_the_object")]
    [TestCase(200, TestName = "An_apply_that_changes_returns_the_object")]
    public async Task An_apply_returns_the_object(int statusCode)
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "8"), statusCode));

        Assert.That((await _client.ApplyAsync(Wanted, "me")).ResourceVersion(), Is.EqualTo("8"));
    }

    [Test]
    public async Task A_conflict_with_another_manager_is_told_with_the_fields_at_issue()
    {
        _api.Reply(Answer.Json(
            """
            {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Conflict","code":409,
             "message":"Apply failed with 1 conflict: conflict with \"kubectl\": .data.v",
             "details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl\"","field":".data.v"}]}}
            """,
            409));

        var error = await Assert.ThrowsAsync<KubernetesException>(() => _client.ApplyAsync(Wanted, "me", force: false));

        Assert.That(error!.IsConflict, Is.True);
        Assert.That(error.Status.Details!.Causes!.Single().Field, Is.EqualTo(".data.v"));
        Assert.That(_api.Requests.Single().Query["force"], Is.EqualTo("false"));
    }

    [Test]
    public async Task Force_takes_the_fields_over()
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "8")));

        await _client.ApplyAsync(Wanted, "me", force: true);

        Assert.That(_api.Requests.Single().Query["force"], Is.EqualTo("true"));
    }

    [Test]
    public async Task An_apply_sends_nothing_that_is_null_or_the_servers_own()
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "8")));

        await _client.ApplyAsync(Wanted, "me");

        var body = JsonNode.Parse(_api.Requests.Single().Body);
        Assert.That(
            JsonNode.DeepEquals(
                body, JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"},"data":{"v":"1"}}""")),
            Is.True,
            $"{body}");
    }
}
