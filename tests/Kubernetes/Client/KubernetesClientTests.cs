using System.Net;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class KubernetesClientTests
{
    private readonly ManualTimeProvider _clock = new();
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient(_clock);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task A_get_names_kind_and_namespace_and_shows_who_asks()
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "7", "x")));

        var found = await _client.GetAsync<V1ConfigMap>("a", "default");

        Assert.That(found?.Data?["v"], Is.EqualTo("x"));
        var request = _api.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Path, Is.EqualTo("/api/v1/namespaces/default/configmaps/a"));
            Assert.That(request.Headers["Authorization"], Is.EqualTo("Bearer secret"));
            Assert.That(request.Headers["User-Agent"], Is.EqualTo("test/1"));
        });
    }

    [Test]
    public async Task What_does_not_exist_is_null_and_deleting_it_is_no_error()
    {
        _api.Reply(Answer.Refusal(404, "NotFound", "configmaps \\\"a\\\" not found"));
        _api.Reply(Answer.Refusal(404, "NotFound", "configmaps \\\"a\\\" not found"));

        Assert.That(await _client.GetAsync<V1ConfigMap>("a", "default"), Is.Null);
        Assert.That(await _client.DeleteAsync<V1ConfigMap>("a", "default"), Is.False);
    }

    [Test]
    public async Task A_list_follows_the_pages()
    {
        _api.Reply(Answer.Json($$"""{"metadata":{"resourceVersion":"5","continue":"more"},"items":[{{Answer.ConfigMap("a", "1")}}]}"""));
        _api.Reply(Answer.Json($$"""{"metadata":{"resourceVersion":"5"},"items":[{{Answer.ConfigMap("b", "2")}}]}"""));

        var list = await _client.ListAsync<V1ConfigMap>("default", labelSelector: "app=x,tier!=db");

        Assert.That(list.Items.Select(item => item.Name()), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(list.ResourceVersion, Is.EqualTo("5"));
        Assert.That(_api.Requests.Select(request => request.Query.GetValueOrDefault("continue")), Is.EqualTo(new[] { null, "more" }));
        Assert.That(_api.Requests.First().Query["labelSelector"], Is.EqualTo("app=x,tier!=db"));
    }

    [Test]
    public async Task A_page_that_expired_is_followed_by_one_list_in_one_piece()
    {
        _api.Reply(Answer.Json($$"""{"metadata":{"resourceVersion":"5","continue":"more"},"items":[{{Answer.ConfigMap("a", "1")}}]}"""));
        _api.Reply(Answer.Refusal(410, "Expired", "too old"));
        _api.Reply(Answer.Json(Answer.List("9", Answer.ConfigMap("a", "1"), Answer.ConfigMap("c", "8"))));

        var list = await _client.ListAsync<V1ConfigMap>();

        Assert.That(list.Items.Select(item => item.Name()), Is.EqualTo(new[] { "a", "c" }));
        Assert.That(_api.Requests.Last().Query, Does.Not.ContainKey("limit"));
    }

    [Test]
    public async Task A_null_list_of_items_is_an_empty_list_and_items_know_their_kind()
    {
        _api.Reply(Answer.Json("""{"metadata":{"resourceVersion":"5"},"items":null}"""));
        _api.Reply(Answer.Json("""{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}}]}"""));

        Assert.That((await _client.ListAsync<V1ConfigMap>()).Items, Is.Empty);
        Assert.That((await _client.ListAsync<V1ConfigMap>()).Items.Single().Kind, Is.EqualTo("ConfigMap"));
    }

    [Test]
    public async Task An_apply_states_what_is_wanted_and_nothing_that_the_server_keeps()
    {
        _api.Reply(Answer.Json("""{"metadata":{"name":"web","namespace":"default"}}""", 201));
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web",
                NamespaceProperty = "default",
                Uid = "u",
                ResourceVersion = "3",
                Generation = 2,
                Labels = new Dictionary<string, string> { ["app"] = "web" },
            },
            Spec = new V1DeploymentSpec { Replicas = 2 },
            Status = new V1DeploymentStatus { Replicas = 1 },
        };

        await _client.ApplyAsync(deployment, "modeloperator");

        var request = _api.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(request.Method, Is.EqualTo("PATCH"));
            Assert.That(request.Path, Is.EqualTo("/apis/apps/v1/namespaces/default/deployments/web"));
            Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/apply-patch+yaml"));
            Assert.That(request.Query["fieldManager"], Is.EqualTo("modeloperator"));
            Assert.That(request.Query["force"], Is.EqualTo("true"));
            Assert.That(
                JsonNode.DeepEquals(
                    JsonNode.Parse(request.Body),
                    JsonNode.Parse(
                        """
                        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","labels":{"app":"web"}},"spec":{"replicas":2}}
                        """)),
                Is.True,
                request.Body);
        });
    }

    [Test]
    public async Task A_status_apply_carries_names_and_status_only()
    {
        _api.Reply(Answer.Json("""{"metadata":{"name":"web","namespace":"default"}}"""));
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["a"] = "b" } },
            Spec = new V1DeploymentSpec { Replicas = 2 },
            Status = new V1DeploymentStatus { Replicas = 1 },
        };

        await _client.ApplyStatusAsync(deployment, "modeloperator");

        var request = _api.Requests.Single();
        Assert.That(request.Path, Does.EndWith("/deployments/web/status"));
        Assert.That(
            JsonNode.DeepEquals(
                JsonNode.Parse(request.Body),
                JsonNode.Parse(
                    """
                    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},"status":{"replicas":1}}
                    """)),
            Is.True,
            request.Body);
    }

    [Test]
    public async Task A_refusal_carries_the_servers_status()
    {
        _api.Reply(Answer.Refusal(409, "AlreadyExists", "configmaps a already exists"));

        var refusal = (await Assert.ThrowsAsync<KubernetesException>(() => _client.CreateAsync(NewConfigMap("a"))))!;

        Assert.Multiple(() =>
        {
            Assert.That(refusal.IsAlreadyExists, Is.True);
            Assert.That(refusal.IsConflict, Is.False);
            Assert.That(refusal.Message, Is.EqualTo("configmaps a already exists"));
        });
    }

    [Test]
    public async Task A_refusal_in_html_is_told_with_the_request_that_met_it()
    {
        _api.Reply(Answer.Html(502));

        var refusal = (await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default")))!;

        Assert.That(refusal.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(refusal.Message, Does.StartWith("GET /api/v1/namespaces/default/configmaps/a: HTTP 502").And.Contains("Bad gateway"));
    }

    [Test]
    public async Task A_page_of_html_with_code_200_is_an_error_and_not_an_object()
    {
        _api.Reply(Answer.Html(200));

        var error = (await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default")))!;

        Assert.That(error.Message, Does.Contain("not the JSON of a V1ConfigMap"));
    }

    [Test]
    public async Task A_429_is_tried_again_when_the_server_said()
    {
        _api.Reply(Answer.Refusal(429, "TooManyRequests", "slow down", retryAfter: "7"));
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        var get = _client.GetAsync<V1ConfigMap>("a", "default");
        await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(7)));
        _clock.Advance(TimeSpan.FromSeconds(7));

        Assert.That((await get)?.Name(), Is.EqualTo("a"));
        Assert.That(_api.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_503_without_retry_after_is_not_tried_again()
    {
        _api.Reply(Answer.Refusal(503, "ServiceUnavailable", "starting"));

        await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default"));
        Assert.That(_api.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_asks_for_retries_without_end_is_given_up()
    {
        for (var i = 0; i < 20; i++)
        {
            _api.Reply(Answer.Refusal(429, "TooManyRequests", "slow down", retryAfter: "0"));
        }

        var refusal = (await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default")))!;

        Assert.That(refusal.Message, Is.EqualTo("slow down"));
        Assert.That(_api.Requests, Has.Count.EqualTo(10));
    }

    [Test]
    public async Task A_silent_server_is_a_time_out_that_names_the_request()
    {
        var get = _client.GetAsync<V1ConfigMap>("a", "default");
        await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(60)));
        _clock.Advance(TimeSpan.FromSeconds(60));

        var error = (await Assert.ThrowsAsync<TimeoutException>(() => get))!;
        Assert.That(error.Message, Is.EqualTo("GET /api/v1/namespaces/default/configmaps/a: no answer within 60 s"));
    }

    [Test]
    public async Task A_delete_states_its_preconditions()
    {
        _api.Reply(Answer.Json("""{"kind":"Status","status":"Success"}"""));

        Assert.That(
            await _client.DeleteAsync<V1ConfigMap>("a", "default", new DeleteOptions("Foreground", GracePeriodSeconds: 5, Uid: "u-1")), Is.True);
        Assert.That(
            _api.Requests.Single().Body,
            Is.EqualTo("""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","gracePeriodSeconds":5,"preconditions":{"uid":"u-1"}}"""));
    }

    [Test]
    public async Task A_merge_patch_of_a_subresource_goes_to_its_path()
    {
        _api.Reply(Answer.Json("""{"metadata":{"name":"web"}}"""));

        await _client.PatchAsync<V1Deployment>(
            "web", "default", PatchType.MergePatch, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 3 } }, "scale", "me");

        var request = _api.Requests.Single();
        Assert.That(request.Path, Does.EndWith("/deployments/web/scale"));
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/merge-patch+json"));
        Assert.That(request.Body, Is.EqualTo("""{"spec":{"replicas":3}}"""));
    }

    [Test]
    public void A_namespaced_kind_without_a_namespace_is_refused_before_it_is_sent()
    {
        Assert.That(() => _client.GetAsync<V1ConfigMap>("a"), Throws.ArgumentException.With.Message.Contains("ConfigMap a needs a namespace"));
        Assert.That(_api.Requests, Is.Empty);
    }

    private static V1ConfigMap NewConfigMap(string name) => new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" } };
}
