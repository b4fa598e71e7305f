using System.Net;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Protocol;

/// <summary>The forms in which objects come and go.</summary>
[TestFixture]
internal sealed class NegotiationTests : ConformanceTest
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private const string Metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    [TestCase("application/json", "application/json")]
    [TestCase("*/*", "application/json")]
    [TestCase("text/html, */*", "application/json")]
    public async Task The_answer_is_in_the_form_asked_for(string accept, string type)
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var reply = await Get("configmaps/cm", accept);

        Assert.That((reply.Code, reply.ContentType), Is.EqualTo((200, type)));
    }

    [Test]
    public async Task Yaml_is_taken()
    {
        var created = Answered(201, await Post("configmaps", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  a: \"1\"\n", "application/yaml"));

        Assert.That(created["data.a"], Is.EqualTo("1"));
    }

    [TestCase("text/html", "406: Not Acceptable", TestName = "A form that the server does not have is not acceptable")]
    [TestCase(
        "application/json;as=Chair;v=v1;g=meta.k8s.io",
        "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        TestName = "A view that the server does not have is not acceptable")]
    public async Task Not_acceptable(string accept, string message)
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var reply = await Get("configmaps/cm", accept);

        Assert.That((reply.Code, reply.Reason), Is.EqualTo((406, "NotAcceptable")), reply.Text);
        Assert.That(reply.Message, Does.StartWith(message));
    }

    [Test]
    public async Task The_first_form_that_the_server_has_is_taken()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var reply = await Get("configmaps/cm", "application/json;as=Chair;v=v1;g=meta.k8s.io,application/json");

        Assert.That((reply.Code, reply["kind"]), Is.EqualTo((200, "ConfigMap")));
    }

    [Test]
    public async Task A_body_of_an_unknown_form_is_not_understood()
    {
        var reply = await Post("configmaps", "a=b", "application/x-www-form-urlencoded");

        Assert.That((reply.Code, reply.Reason), Is.EqualTo((415, "UnsupportedMediaType")), reply.Text);
        Assert.That(
            reply.Message,
            Does.StartWith("the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    }

    [Test]
    public async Task An_object_may_come_as_a_table()
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1","b":"2"}"""));

        var table = Answered(200, await Get("configmaps/cm", Table));

        Assert.That((table["kind"], table["apiVersion"]), Is.EqualTo(("Table", "meta.k8s.io/v1")));
        Assert.That(Columns(table), Is.EqualTo(new[] { "Name", "Data", "Age" }));
        Assert.That((table["rows[0].cells[0]"], table["rows[0].cells[1]"]), Is.EqualTo(("cm", "2")));
        Assert.That((table["rows[0].object.kind"], table["rows[0].object.metadata.name"], table["rows[0].object.data"]), Is.EqualTo(("PartialObjectMetadata", "cm", (string?)null)));
    }

    [TestCase("Object", "ConfigMap")]
    [TestCase("None", null)]
    public async Task A_table_includes_what_it_is_asked_to(string include, string? kind)
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        Assert.That((await Get($"configmaps/cm?includeObject={include}", Table))["rows[0].object.kind"], Is.EqualTo(kind));
    }

    [TestCase("pods", "Name,Ready,Status,Restarts,Age,IP,Node,Nominated Node,Readiness Gates")]
    [TestCase("deployments", "Name,Ready,Up-to-date,Available,Age,Containers,Images,Selector")]
    [TestCase("replicasets", "Name,Desired,Current,Ready,Age,Containers,Images,Selector")]
    [TestCase("jobs", "Name,Status,Completions,Duration,Age,Containers,Images,Selector")]
    [TestCase("cronjobs", "Name,Schedule,Timezone,Suspend,Active,Last Schedule,Age,Containers,Images,Selector")]
    [TestCase("services", "Name,Type,Cluster-IP,External-IP,Port(s),Age,Selector")]
    [TestCase("secrets", "Name,Type,Data,Age")]
    [TestCase("serviceaccounts", "Name,Age")]
    [TestCase("endpoints", "Name,Endpoints,Age")]
    [TestCase("persistentvolumeclaims", "Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age,VolumeMode")]
    [TestCase("events", "Last Seen,Type,Reason,Object,Subobject,Source,Message,First Seen,Count,Name")]
    [TestCase("endpointslices", "Name,AddressType,Ports,Endpoints,Age")]
    [TestCase("leases", "Name,Holder,Age")]
    [TestCase("poddisruptionbudgets", "Name,Min Available,Max Unavailable,Allowed Disruptions,Age")]
    [TestCase("horizontalpodautoscalers", "Name,Reference,Targets,MinPods,MaxPods,Replicas,Age")]
    [TestCase("roles", "Name,Created At")]
    [TestCase("rolebindings", "Name,Role,Age,Users,Groups,ServiceAccounts")]
    [TestCase("ingresses", "Name,Class,Hosts,Address,Ports,Age")]
    [TestCase("networkpolicies", "Name,Pod-Selector,Age")]
    [TestCase("/api/v1/nodes", "Name,Status,Roles,Age,Version,Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime")]
    [TestCase("/api/v1/namespaces", "Name,Status,Age")]
    [TestCase("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "Name,Created At")]
    [TestCase("/apis/rbac.authorization.k8s.io/v1/clusterroles", "Name,Created At")]
    [TestCase("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "Name,Role,Age,Users,Groups,ServiceAccounts")]
    [TestCase("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "Name,Webhooks,Age")]
    public async Task A_list_as_a_table_has_the_columns_of_its_kind(string path, string columns) =>
        Assert.That(string.Join(",", Columns(Answered(200, await Get(path, Table)))), Is.EqualTo(columns));

    [Test]
    public async Task An_object_may_come_as_its_metadata()
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        var metadata = Answered(200, await Get("configmaps/cm", Metadata));

        Assert.That(
            (metadata["kind"], metadata["apiVersion"], metadata.Name, metadata["data"]),
            Is.EqualTo(("PartialObjectMetadata", "meta.k8s.io/v1", "cm", (string?)null)));
    }

    [Test]
    public async Task A_list_may_come_as_metadata()
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}""", """{"app":"x"}"""));

        var list = Answered(200, await Get("configmaps?labelSelector=app", Metadata.Replace("Metadata;", "MetadataList;")));

        Assert.That((list["kind"], string.Join(",", list.Items), list["items[0].data"]), Is.EqualTo(("PartialObjectMetadataList", "cm", (string?)null)));
    }

    [Test]
    public async Task The_answer_to_a_write_may_be_metadata_too()
    {
        var created = await Api.SendAsync(HttpMethod.Post, PathOf("configmaps"), Manifests.ConfigMap("cm", """{"a":"1"}"""), accept: Metadata);

        Assert.That((created.Code, created["kind"], created["data"]), Is.EqualTo((201, "PartialObjectMetadata", (string?)null)));
    }

    [Test]
    public async Task Without_credentials_there_is_nothing_to_see()
    {
        using var anonymous = Api.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf("secrets"));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer wrong");
        using var response = await anonymous.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        var body = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That(body.ToJsonString(), Is.EqualTo("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"""));
    }

    private static IEnumerable<string?> Columns(Reply table) =>
        ((System.Text.Json.Nodes.JsonArray)table.Json["columnDefinitions"]!).Select(column => column!["name"]!.GetValue<string>());
}
