using System.Net;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>What a new object gets, and which are refused.</summary>
[TestFixture]
internal sealed class CreateTests : ConformanceTest
{
    [Test]
    public async Task A_created_object_gets_what_the_server_owns()
    {
        var created = await Created("configmaps", """{"metadata":{"name":"cm"},"data":{"a":"1"}}""");

        Assert.That((created["kind"], created["apiVersion"], created["metadata.namespace"]), Is.EqualTo(("ConfigMap", "v1", Namespace)));
        Assert.That(created["metadata.uid"], Does.Match("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
        Assert.That(created["metadata.creationTimestamp"], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
        Assert.That(created.Version, Does.Match("^[1-9][0-9]*$"));
        Assert.That(created["metadata.generation"], Is.Null);
    }

    [Test]
    public async Task What_was_created_is_what_a_read_gives()
    {
        var created = await Created("configmaps", """{"metadata":{"name":"cm"},"data":{"a":"1"}}""");

        Assert.That((await Get("configmaps/cm")).Text.Trim(), Is.EqualTo(created.Text.Trim()));
    }

    [Test]
    public async Task The_same_name_again_already_exists()
    {
        await Created("configmaps", """{"metadata":{"name":"cm"}}""");

        var again = await Post("configmaps", """{"metadata":{"name":"cm"}}""");

        Refused(again, HttpStatusCode.Conflict, "AlreadyExists", "configmaps \"cm\" already exists");
        Assert.That((again["details.name"], again["details.kind"], again["details.group"]), Is.EqualTo(("cm", "configmaps", (string?)null)));
    }

    [Test]
    public async Task An_error_names_the_group_of_the_resource()
    {
        var missing = await Get("deployments/web");

        NotFound(missing, "deployments.apps \"web\" not found");
        Assert.That((missing["details.name"], missing["details.group"], missing["details.kind"]), Is.EqualTo(("web", "apps", "deployments")));
    }

    [Test]
    public async Task A_generated_name_is_the_prefix_and_five_characters()
    {
        var created = await Created("configmaps", """{"metadata":{"generateName":"cm-"}}""");

        Assert.That(created.Name, Does.Match("^cm-[bcdfghjklmnpqrstvwxz2456789]{5}$"));
        Assert.That(created["metadata.generateName"], Is.EqualTo("cm-"));
    }

    [Test]
    public async Task A_name_beats_the_prefix_for_one()
    {
        var created = await Created("configmaps", """{"metadata":{"generateName":"cm-","name":"own"}}""");

        Assert.That(created.Name, Is.EqualTo("own"));
    }

    [Test]
    public async Task A_long_prefix_is_cut_so_that_the_name_fits()
    {
        var created = await Created("configmaps", $$$$"""{"metadata":{"generateName":"{{{{new string('a', 80)}}}}"}}""");

        Assert.That(created.Name, Has.Length.EqualTo(63).And.StartsWith(new string('a', 58)));
    }

    [Test]
    public async Task A_name_or_a_prefix_for_one_is_required() => Invalid(
        await Post("configmaps", """{"metadata":{}}"""), "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");

    [Test]
    public async Task An_object_with_a_resource_version_is_not_created()
    {
        var answer = await Post("configmaps", """{"metadata":{"name":"cm","resourceVersion":"1"}}""");

        Assert.That((answer.Code, answer.Message), Is.EqualTo((500, "resourceVersion should not be set on objects to be created")));
    }

    [Test]
    public async Task An_object_of_another_namespace_than_the_path_is_not_created() => BadRequest(
        await Post("configmaps", """{"metadata":{"name":"cm","namespace":"default"}}"""), $"the namespace of the provided object does not match the namespace sent on the request");

    [Test]
    public async Task Nothing_is_created_in_a_namespace_that_does_not_exist()
    {
        var answer = await Post("/api/v1/namespaces/no-NAMESPACE/configmaps", """{"metadata":{"name":"cm"}}""");

        NotFound(answer, $"namespaces \"no-{Namespace}\" not found");
    }

    [Test]
    public async Task A_body_of_another_kind_is_refused() => BadRequest(
        await Post("configmaps", """{"kind":"Secret","apiVersion":"v1","metadata":{"name":"cm"}}"""), "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion");

    [Test]
    public async Task A_body_of_another_version_is_refused() => BadRequest(
        await Post("deployments", """{"kind":"Deployment","apiVersion":"apps/v9","metadata":{"name":"web"}}"""), "Deployment in version \"v9\" cannot be handled as a Deployment: no kind \"Deployment\" is registered for version \"apps/v9\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");

    [Test]
    public async Task What_only_the_server_may_set_is_ignored_in_a_new_object()
    {
        var created = await Created(
            "configmaps",
            """{"metadata":{"name":"cm","uid":"abc","creationTimestamp":"2001-01-01T00:00:00Z","deletionTimestamp":"2001-01-01T00:00:00Z","selfLink":"/x","generation":7}}""");

        Assert.That(created["metadata.uid"], Is.Not.EqualTo("abc"));
        Assert.That(created["metadata.creationTimestamp"], Does.Not.StartWith("2001"));
        Assert.That((created["metadata.deletionTimestamp"], created["metadata.selfLink"]), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task The_status_of_a_new_deployment_is_not_taken()
    {
        var created = await Created("deployments", Manifests.Deployment("web").With("status", """{"replicas":5}"""));

        Assert.That((created["status.replicas"], created["metadata.generation"]), Is.EqualTo(((string?)null, "1")));
    }

    [Test]
    public async Task A_name_in_the_path_of_a_create_is_not_allowed() => NotAllowed(
        await Post("configmaps/cm", """{"metadata":{"name":"cm"}}"""));

    [Test]
    public async Task A_namespaced_object_cannot_be_created_across_namespaces() => NotAllowed(
        await Post("/api/v1/configmaps", """{"metadata":{"name":"cm"}}"""));

    [Test]
    public async Task Bytes_come_back_as_they_went()
    {
        var created = await Created("configmaps", """{"metadata":{"name":"cm"},"data":{"text":"ü \u0001 <&> \u2028 \"'"},"binaryData":{"b":"AAEC/w=="}}""");

        Assert.That((created["data.text"], created["binaryData.b"]), Is.EqualTo(("ü \u0001 <&> \u2028 \"'", "AAEC/w==")));
    }
}
