using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Protocol;

/// <summary>What the server says it serves.</summary>
[TestFixture]
internal sealed class DiscoveryTests : ConformanceTest
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    [Test]
    public async Task The_core_group_has_version_1()
    {
        var versions = Answered(200, await Get("/api"));

        Assert.That((versions["kind"], versions["versions"]), Is.EqualTo(("APIVersions", """["v1"]""")));
    }

    [TestCase("apps", "v1")]
    [TestCase("batch", "v1")]
    [TestCase("autoscaling", "v2")]
    [TestCase("policy", "v1")]
    [TestCase("networking.k8s.io", "v1")]
    [TestCase("discovery.k8s.io", "v1")]
    [TestCase("coordination.k8s.io", "v1")]
    [TestCase("events.k8s.io", "v1")]
    [TestCase("rbac.authorization.k8s.io", "v1")]
    [TestCase("admissionregistration.k8s.io", "v1")]
    [TestCase("apiextensions.k8s.io", "v1")]
    public async Task The_group_is_served_with_its_preferred_version(string group, string version)
    {
        var groups = (JsonArray)Answered(200, await Get("/apis")).Json["groups"]!;

        var found = groups.Single(item => item!["name"]!.GetValue<string>() == group);
        Assert.That(Reply.Render(found!["preferredVersion"]), Is.EqualTo($$$$"""{"groupVersion":"{{{{group}}}}/{{{{version}}}}","version":"{{{{version}}}}"}"""));

        var alone = Answered(200, await Get($"/apis/{group}"));
        Assert.That((alone["kind"], alone["name"], alone["preferredVersion.version"]), Is.EqualTo(("APIGroup", group, version)));
    }

    [TestCase("/api/v1", "pods", "Pod", true, "po")]
    [TestCase("/api/v1", "services", "Service", true, "svc")]
    [TestCase("/api/v1", "namespaces", "Namespace", false, "ns")]
    [TestCase("/api/v1", "configmaps", "ConfigMap", true, "cm")]
    [TestCase("/api/v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, "pvc")]
    [TestCase("/apis/apps/v1", "deployments", "Deployment", true, "deploy")]
    [TestCase("/apis/apps/v1", "replicasets", "ReplicaSet", true, "rs")]
    [TestCase("/apis/batch/v1", "jobs", "Job", true, null)]
    [TestCase("/apis/batch/v1", "cronjobs", "CronJob", true, "cj")]
    [TestCase("/apis/policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb")]
    [TestCase("/apis/autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true, "hpa")]
    [TestCase("/apis/networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", true, "netpol")]
    [TestCase("/apis/networking.k8s.io/v1", "ingresses", "Ingress", true, "ing")]
    [TestCase("/apis/rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", false, null)]
    [TestCase("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition", false, "crd")]
    public async Task The_resource_is_listed(string path, string name, string kind, bool namespaced, string? shortName)
    {
        var list = Answered(200, await Get(path));

        var resource = Resource(list, name);
        Assert.That(
            (list["kind"], Reply.Render(resource["kind"]), Reply.Render(resource["namespaced"]), Reply.Render(resource["singularName"])),
            Is.EqualTo(("APIResourceList", kind, namespaced ? "true" : "false", kind.ToLowerInvariant())));
        Assert.That(Reply.At(resource, "shortNames[0]")?.GetValue<string>(), Is.EqualTo(shortName));
        Assert.That(
            ((JsonArray)resource["verbs"]!).Select(verb => verb!.GetValue<string>()).Except(["deletecollection"]),
            Is.EqualTo(new[] { "create", "delete", "get", "list", "patch", "update", "watch" }));
    }

    [Test]
    public async Task Subresources_are_listed_with_their_verbs()
    {
        var apps = await Get("/apis/apps/v1");
        var core = await Get("/api/v1");

        Assert.That(Reply.Render(Resource(apps, "deployments/status")["verbs"]), Is.EqualTo("""["get","patch","update"]"""));
        var scale = Resource(apps, "deployments/scale");
        Assert.That((Reply.Render(scale["group"]), Reply.Render(scale["version"]), Reply.Render(scale["kind"])), Is.EqualTo(("autoscaling", "v1", "Scale")));
        Assert.That(Reply.Render(Resource(core, "pods/log")["verbs"]), Is.EqualTo("""["get"]"""));
        var eviction = Resource(core, "pods/eviction");
        Assert.That((Reply.Render(eviction["group"]), Reply.Render(eviction["kind"]), Reply.Render(eviction["verbs"])), Is.EqualTo(("policy", "Eviction", """["create"]""")));
    }

    [Test]
    public async Task Everyday_resources_are_in_the_category_all() => Assert.That(
        Reply.Render(Resource(await Get("/apis/apps/v1"), "deployments")["categories"]), Is.EqualTo("""["all"]"""));

    [TestCase("/api", "pods", "Pod")]
    [TestCase("/apis", "deployments", "Deployment")]
    public async Task Discovery_is_aggregated_for_who_asks(string path, string name, string kind)
    {
        var all = Answered(200, await Get(path, $"{Aggregated},application/json"));

        Assert.That((all["kind"], all["apiVersion"]), Is.EqualTo(("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2")));
        Assert.That(all.ContentType, Is.EqualTo(Aggregated).Or.EqualTo(Aggregated.Replace(";", "; ")));
        var resource = ((JsonArray)all.Json["items"]!)
            .SelectMany(group => (JsonArray)group!["versions"]!)
            .SelectMany(version => version!["resources"] as JsonArray ?? [])
            .First(item => item!["resource"]!.GetValue<string>() == name);
        Assert.That(
            (Reply.Render(Reply.At(resource, "responseKind.kind")), Reply.Render(resource!["scope"]), Reply.Render(resource["singularResource"])),
            Is.EqualTo((kind, "Namespaced", kind.ToLowerInvariant())));
        Assert.That(((JsonArray)resource["subresources"]!).Select(item => item!["subresource"]!.GetValue<string>()), Does.Contain("status"));
    }

    [Test]
    public async Task Aggregated_discovery_is_not_sent_again_while_it_is_the_same()
    {
        var first = await Get("/apis", Aggregated);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/apis");
        again.Headers.TryAddWithoutValidation("Accept", Aggregated);
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers["ETag"]);

        var second = await Api.SendAsync(again);

        // Another test may have brought a definition in between.
        Assert.That(second.Code, Is.EqualTo(304).Or.EqualTo(200));
        Assert.That(second.Code == 304 || second.Headers["ETag"] != first.Headers["ETag"]);
    }

    [TestCase("/apis/nothing.example.com")]
    [TestCase("/apis/nothing.example.com/v1")]
    [TestCase("/nothing")]
    public async Task What_is_not_served_is_not_found(string path)
    {
        var reply = await Get(path);

        Assert.That((reply.Code, reply.Text.TrimEnd()), Is.EqualTo((404, "404 page not found")));
    }

    [TestCase("/apis/apps/v9", TestName = "A version that is not served is not found")]
    [TestCase("/apis/apps/v1/namespaces/NAMESPACE/gadgets", TestName = "A resource that is not served is not found")]
    public async Task No_such_resource(string path) => NotFound(await Get(path), "the server could not find the requested resource");

    [Test]
    public async Task The_version_is_told()
    {
        var version = Answered(200, await Get("/version"));

        Assert.That((version["major"] is not null, version["minor"] is not null, version["platform"] is not null), Is.EqualTo((true, true, true)));
        Assert.That(version["gitVersion"], Does.StartWith("v"));
    }

    [TestCase("/livez")]
    [TestCase("/readyz")]
    [TestCase("/healthz")]
    public async Task The_server_says_that_it_is_well(string path)
    {
        var reply = await Get(path);

        Assert.That((reply.Code, reply.Text), Is.EqualTo((200, "ok")));
    }

    [Test]
    public async Task The_root_lists_paths() =>
        Assert.That(((JsonArray)Answered(200, await Get("/")).Json["paths"]!).Select(path => path!.GetValue<string>()), Is.SupersetOf(new[] { "/api", "/api/v1", "/apis", "/apis/apps/v1" }));

    private static JsonNode Resource(Reply list, string name) =>
        ((JsonArray)list.Json["resources"]!).Single(resource => resource!["name"]!.GetValue<string>() == name)!;
}
