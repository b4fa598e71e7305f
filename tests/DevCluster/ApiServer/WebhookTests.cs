using System.Text;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class WebhookTests : ClusterTests
{
    private const string Configurations = "/apis/admissionregistration.k8s.io/v1";

    [Test]
    public async Task A_mutating_webhook_changes_what_is_stored()
    {
        await using var hook = await WebhookServer.StartAsync(_ => Patch("""[{"op":"add","path":"/data/added","value":"yes"}]"""), Namespace);
        await using var _ = await ConfigureAsync("mutating", hook);

        var created = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        Assert.That(created.At("data", "added")?.GetValue<string>(), Is.EqualTo("yes"), created.Text);
    }

    [Test]
    public async Task A_validating_webhook_refuses_with_its_own_words_and_warnings_reach_the_client()
    {
        await using var hook = await WebhookServer.StartAsync(
            request => request["object"]?["data"]?["a"]?.GetValue<string>() == "bad"
                ? new JsonObject { ["allowed"] = false, ["status"] = new JsonObject { ["message"] = "no bad data", ["code"] = 403 } }
                : new JsonObject { ["allowed"] = true, ["warnings"] = new JsonArray("think again") },
            Namespace);
        await using var _ = await ConfigureAsync("validating", hook);

        var refused = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm", "bad"));
        var allowed = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm", "good"));

        Assert.That((refused.Code, refused.Message), Is.EqualTo((403, "admission webhook \"hook.example.com\" denied the request: no bad data")));
        Assert.That(allowed.Code, Is.EqualTo(201), allowed.Text);
        Assert.That(string.Join(" ", allowed.Warnings), Does.Contain("think again"));
    }

    [Test]
    public async Task A_webhook_sees_who_does_what_to_what()
    {
        JsonNode? seen = null;
        await using var hook = await WebhookServer.StartAsync(
            request =>
            {
                seen = request.DeepClone();
                return new JsonObject { ["allowed"] = true };
            },
            Namespace);
        await using var _ = await ConfigureAsync("validating", hook);
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        await Cluster.DeleteAsync($"{Core}/configmaps/cm");

        Assert.That(seen!["operation"]!.GetValue<string>(), Is.EqualTo("DELETE"));
        Assert.That(seen["oldObject"]!["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo("cm"));
        Assert.That(seen["object"], Is.Null);
        Assert.That(seen["userInfo"]!["groups"]!.ToJsonString(), Does.Contain("system:masters"));
        Assert.That(seen["namespace"]!.GetValue<string>(), Is.EqualTo(Namespace));
    }

    [Test]
    public async Task A_webhook_of_a_service_is_reached_through_its_endpoints()
    {
        await using var hook = await WebhookServer.StartAsync(_ => new JsonObject { ["allowed"] = false }, Namespace);
        await Cluster.PostAsync($"{Core}/services", """{"metadata":{"name":"hook"},"spec":{"ports":[{"port":443}]}}""");
        await Cluster.PostAsync(
            $"/apis/discovery.k8s.io/v1/namespaces/{Namespace}/endpointslices",
            $$"""
            {"metadata":{"name":"hook","labels":{"kubernetes.io/service-name":"hook"} },"addressType":"IPv4",
             "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true} }],"ports":[{"port":{{hook.Address.Port}} }]}
            """);
        await using var _ = await ConfigureAsync("validating", hook, client: $$"""{"service":{"namespace":"{{Namespace}}","name":"hook","path":"/x"},"caBundle":"{{hook.CaBundle}}"}""");

        var refused = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        Assert.That(refused.Message, Is.EqualTo("admission webhook \"hook.example.com\" denied the request without explanation"));
    }

    [TestCase("Fail", 500)]
    [TestCase("Ignore", 201)]
    public async Task The_failure_policy_decides_when_a_webhook_cannot_be_asked(string policy, int expected)
    {
        await using var hook = await WebhookServer.StartAsync(_ => [], Namespace);
        await using var _ = await ConfigureAsync("validating", hook, $"\"failurePolicy\":\"{policy}\",", """{"url":"https://127.0.0.1:1/x"}""");

        var answer = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        Assert.That(answer.Code, Is.EqualTo(expected), answer.Text);
        Assert.That(answer.Message ?? "", expected == 500 ? Does.StartWith("Internal error occurred: failed calling webhook \"hook.example.com\": failed to call webhook: Post") : Is.Empty);
    }

    [Test]
    public async Task A_certificate_that_the_bundle_did_not_sign_is_not_trusted()
    {
        await using var hook = await WebhookServer.StartAsync(_ => new JsonObject { ["allowed"] = true }, Namespace);
        await using var other = await WebhookServer.StartAsync(_ => new JsonObject { ["allowed"] = true }, Namespace);
        await using var _ = await ConfigureAsync("validating", hook, client: $$"""{"url":"{{hook.Address}}","caBundle":"{{other.CaBundle}}"}""");

        Assert.That((await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"))).Code, Is.EqualTo(500));
    }

    [TestCase("""{"objectSelector":{"matchLabels":{"check":"yes"}}}""", "{}", 201)]
    [TestCase("""{"objectSelector":{"matchLabels":{"check":"yes"}}}""", """{"check":"yes"}""", 400)]
    [TestCase("""{"matchConditions":[{"name":"c","expression":"object.data.a == '2'"}]}""", "{}", 201)]
    [TestCase("""{"matchConditions":[{"name":"c","expression":"object.data.a == '1' && request.operation == 'CREATE'"}]}""", "{}", 400)]
    public async Task Only_what_selectors_and_conditions_pick_is_asked_about(string extra, string labels, int expected)
    {
        await using var hook = await WebhookServer.StartAsync(_ => new JsonObject { ["allowed"] = false }, Namespace);
        await using var _ = await ConfigureAsync("validating", hook, $"{extra[1..^1]},");

        Assert.That((await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm", labels: labels))).Code, Is.EqualTo(expected));
    }

    // Selects only this test's namespace, so that tests do not meet.
    private async Task<IAsyncDisposable> ConfigureAsync(string kind, WebhookServer hook, string extra = "", string? client = null)
    {
        var path = $"{Configurations}/{kind}webhookconfigurations";
        var configuration = $$"""
            {"metadata":{"name":"{{Namespace}}"},"webhooks":[{"name":"hook.example.com","sideEffects":"None","admissionReviewVersions":["v1"],{{extra}}
             "clientConfig":{{client ?? $$"""{"url":"{{hook.Address}}","caBundle":"{{hook.CaBundle}}"}"""}},
             "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{Namespace}}"} },
             "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}]}]}
            """;
        var created = await Cluster.PostAsync(path, configuration);
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        return new Removal(Cluster, $"{path}/{Namespace}");
    }

    private static JsonObject Patch(string operations) => new()
    {
        ["allowed"] = true,
        ["patchType"] = "JSONPatch",
        ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(operations)),
    };

    private sealed class Removal(TestCluster cluster, string path) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await cluster.DeleteAsync(path);
    }
}
