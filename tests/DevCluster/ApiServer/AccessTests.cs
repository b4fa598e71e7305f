using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer;
using ModelOperator.DevCluster.ApiServer.Access;

namespace ModelOperator.DevCluster.Tests.ApiServer;

/// <summary>Who asks, and what they may do.</summary>
internal sealed class AccessTests
{
    private const string Account = "system:serviceaccount:default:reader";

    private TestCluster _cluster = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync(new ApiServerOptions { Authorization = AuthorizationMode.Rbac });
        await _cluster.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"reader"}}""");
    }

    [TearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    [Test]
    public async Task A_service_account_may_do_nothing_until_a_role_is_bound_to_it()
    {
        var before = await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/pods");
        await GrantAsync("""{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}""");
        var after = await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/pods");
        var elsewhere = await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/kube-system/pods");

        Assert.Multiple(() =>
        {
            Assert.That(before.Code, Is.EqualTo(403));
            Assert.That((string?)before.Json!["message"], Is.EqualTo(
                $"pods is forbidden: User \"{Account}\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\""));
            Assert.That(after.Code, Is.EqualTo(200));
            Assert.That(elsewhere.Code, Is.EqualTo(403));
        });
    }

    [Test]
    public async Task A_rule_with_names_is_for_these_objects_alone_also_when_they_are_listed_by_name()
    {
        await GrantAsync("""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["mine"],"verbs":["get","list"]}""");

        Assert.Multiple(async () =>
        {
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/configmaps/mine")).Code, Is.EqualTo(404));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/configmaps/other")).Code, Is.EqualTo(403));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/configmaps")).Code, Is.EqualTo(403));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/configmaps?fieldSelector=metadata.name%3Dmine")).Code, Is.EqualTo(200));
        });
    }

    [Test]
    public async Task A_status_is_a_resource_of_its_own()
    {
        await GrantAsync("""{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}""");

        var answer = await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/pods/p/status");

        Assert.That(answer.Code, Is.EqualTo(403));
        Assert.That(answer.Text, Does.Contain("pods/status"));
    }

    [Test]
    public async Task An_apply_that_creates_needs_the_right_to_create()
    {
        await GrantAsync("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["patch"]}""");
        const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}""";
        const string Path = "/api/v1/namespaces/default/configmaps/c?fieldManager=test";

        var refused = await AsAccountAsync(HttpMethod.Patch, Path, Body, "application/apply-patch+yaml");
        await _cluster.PostAsync("/api/v1/namespaces/default/configmaps", Body);
        var allowed = await AsAccountAsync(HttpMethod.Patch, Path, Body, "application/apply-patch+yaml");

        Assert.That(refused.Code, Is.EqualTo(403));
        Assert.That(refused.Text, Does.Contain("cannot create resource"));
        Assert.That(allowed.Code, Is.EqualTo(200));
    }

    [Test]
    public async Task To_block_an_owners_deletion_needs_the_right_to_set_its_finalizers()
    {
        await GrantAsync("""{"apiGroups":[""],"resources":["configmaps"],"verbs":["create"]}""");
        var owner = await _cluster.PostAsync("/api/v1/namespaces/default/services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""");
        var body = $$"""
            {"metadata":{"name":"c","ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"s","blockOwnerDeletion":true,
             "uid":"{{owner.Json!["metadata"]!["uid"]}}"} ]} }
            """;

        var refused = await AsAccountAsync(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", body);
        await GrantAsync("""{"apiGroups":[""],"resources":["services/finalizers"],"verbs":["update"]}""", "finalizers");
        var allowed = await AsAccountAsync(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", body);

        Assert.That(refused.Text, Does.Contain("cannot set blockOwnerDeletion"));
        Assert.That(allowed.Code, Is.EqualTo(201));
    }

    [Test]
    public async Task A_role_made_of_others_has_their_rules()
    {
        await _cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", Binding("view", "ClusterRole", "view"));
        var before = await AsAccountAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/default/daemonsets");
        await _cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles", """
            {"metadata":{"name":"leases","labels":{"rbac.authorization.k8s.io/aggregate-to-view":"true"}},
             "rules":[{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["list"]}]}
            """);

        Assert.Multiple(async () =>
        {
            Assert.That(before.Code, Is.Not.EqualTo(200));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/default/deployments")).Code, Is.EqualTo(200));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/apis/coordination.k8s.io/v1/namespaces/default/leases")).Code, Is.EqualTo(200));
            Assert.That((await AsAccountAsync(HttpMethod.Get, "/api/v1/namespaces/default/secrets")).Code, Is.EqualTo(403));
        });
    }

    [Test]
    public async Task A_token_ends_with_its_account_even_when_another_of_that_name_is_made()
    {
        var token = await TokenAsync();
        await _cluster.DeleteAsync("/api/v1/namespaces/default/serviceaccounts/reader");
        await _cluster.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"reader"}}""");

        var answer = await SendAsync(token, HttpMethod.Get, "/api/v1/namespaces/default/pods");

        Assert.That(answer.Code, Is.EqualTo(401));
    }

    [Test]
    public async Task A_token_that_was_changed_is_refused()
    {
        var parts = (await TokenAsync()).Split('.');
        var forged = $"{parts[0]}.{parts[1][..^4]}AAAA.{parts[2]}";

        Assert.That((await SendAsync(forged, HttpMethod.Get, "/api/v1/namespaces/default/pods")).Code, Is.EqualTo(401));
    }

    [Test]
    public async Task Reviews_tell_who_one_is_and_what_one_may_do()
    {
        await GrantAsync("""{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}""");
        var who = await AsAccountAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}");

        Assert.That((string?)who.Json!["status"]!["userInfo"]!["username"], Is.EqualTo(Account));
        Assert.That(await MayAsync("list"), Is.True);
        Assert.That(await MayAsync("delete"), Is.False);
    }

    [Test]
    public async Task Whoever_may_impersonate_gets_the_rights_of_the_other()
    {
        var admin = new Dictionary<string, string> { ["Impersonate-User"] = Account };
        var refused = await SendAsync(_cluster.Host.Token, HttpMethod.Get, "/api/v1/namespaces/default/pods", headers: admin);
        var itself = await SendAsync(
            await TokenAsync(), HttpMethod.Get, "/api/v1/namespaces/default/pods", headers: new Dictionary<string, string> { ["Impersonate-User"] = "boss" });

        Assert.That(refused.Text, Does.Contain($"User \\\"{Account}\\\" cannot list"));
        Assert.That(itself.Text, Does.Contain("cannot impersonate resource \\\"users\\\""));
    }

    [Test]
    public async Task The_audit_log_tells_who_asked_for_what_and_whether_they_got_it()
    {
        var path = Path.GetTempFileName();
        try
        {
            await using (var cluster = await TestCluster.StartAsync(new ApiServerOptions { AuditLogPath = path }))
            {
                await cluster.GetAsync("/api/v1/namespaces/default/secrets/s");
            }

            var line = JsonNode.Parse((await File.ReadAllLinesAsync(path)).Single())!;
            Assert.Multiple(() =>
            {
                Assert.That((string?)line["verb"], Is.EqualTo("get"));
                Assert.That((string?)line["user"]!["username"], Is.EqualTo("devcluster-admin"));
                Assert.That((string?)line["objectRef"]!["resource"], Is.EqualTo("secrets"));
                Assert.That((string?)line["annotations"]!["authorization.k8s.io/decision"], Is.EqualTo("allow"));
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<bool> MayAsync(string verb)
    {
        var answer = await AsAccountAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", $$"""
            {"spec":{"resourceAttributes":{"namespace":"default","verb":"{{verb}}","resource":"pods"} } }
            """);
        return (bool)answer.Json!["status"]!["allowed"]!;
    }

    private async Task GrantAsync(string rule, string name = "reader")
    {
        await _cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", $$"""{"metadata":{"name":"{{name}}"},"rules":[{{rule}}]}""");
        await _cluster.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", Binding(name, "Role", name));
    }

    private static string Binding(string name, string kind, string role) => $$"""
        {"metadata":{"name":"{{name}}"},"roleRef":{"kind":"{{kind}}","name":"{{role}}"},
         "subjects":[{"kind":"ServiceAccount","name":"reader","namespace":"default"}]}
        """;

    private async Task<string> TokenAsync()
    {
        var answer = await _cluster.PostAsync("/api/v1/namespaces/default/serviceaccounts/reader/token", "{}");
        return (string)answer.Json!["status"]!["token"]!;
    }

    private async Task<Answer> AsAccountAsync(HttpMethod method, string path, string? body = null, string type = "application/json") =>
        await SendAsync(await TokenAsync(), method, path, body, type);

    private async Task<Answer> SendAsync(
        string token, HttpMethod method, string path, string? body = null, string type = "application/json", Dictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        using var response = await _cluster.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, text, []);
    }
}
