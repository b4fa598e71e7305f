using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Protocol;

/// <summary>The schemas that clients read.</summary>
[TestFixture]
internal sealed class OpenApiTests : ConformanceTest
{
    [Test]
    public async Task Version_3_lists_a_document_per_group_version()
    {
        var root = Answered(200, await Get("/openapi/v3"));

        foreach (var path in new[] { "api/v1", "apis/apps/v1", "apis/batch/v1", "apis/apiextensions.k8s.io/v1" })
        {
            Assert.That(root[$"paths['{path}'].serverRelativeURL"], Does.Match($@"^/openapi/v3/{path}\?hash=[0-9A-Fa-f]+$"));
        }
    }

    [Test]
    public async Task A_document_has_the_kinds_of_its_group()
    {
        var document = Answered(200, await Get("/openapi/v3/apis/apps/v1"));

        var deployment = (JsonObject)document.Json["components"]!["schemas"]!["io.k8s.api.apps.v1.Deployment"]!;
        Assert.That(document["openapi"], Does.StartWith("3.0"));
        Assert.That(Reply.Render(deployment["x-kubernetes-group-version-kind"]), Is.EqualTo("""[{"group":"apps","kind":"Deployment","version":"v1"}]"""));
        Assert.That(((JsonObject)deployment["properties"]!).Select(property => property.Key), Is.EquivalentTo(new[] { "apiVersion", "kind", "metadata", "spec", "status" }));
        Assert.That(document["paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch"], Is.Not.Null);
    }

    [Test]
    public async Task A_document_at_its_hash_may_be_kept_for_ever()
    {
        var root = await Get("/openapi/v3");

        var document = Answered(200, await Get(root["paths['apis/policy/v1'].serverRelativeURL"]!));

        Assert.That(document.Headers["Cache-Control"], Does.Contain("immutable"));
    }

    [Test]
    public async Task Version_2_comes_as_protobuf_too()
    {
        var document = Answered(200, await Get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"));

        Assert.That(document.ContentType, Is.EqualTo("application/com.github.proto-openapi.spec.v2.v1.0+protobuf"));
    }

    [Test]
    public async Task A_definition_brings_its_schema()
    {
        await using var crd = await CustomResource.InstallAsync(
            Api, Namespace, """{"spec":{"type":"object","properties":{"size":{"type":"integer","description":"How large it is."}}}}""");

        var document = await Until(
            $"/openapi/v3/apis/{crd.Group}/v1",
            reply => reply.Code == 200 && reply.Json["components"]?["schemas"] is JsonObject { Count: > 0 },
            "has a schema");

        var schemas = (JsonObject)document.Json["components"]!["schemas"]!;
        var widget = schemas.Single(schema => schema.Key.EndsWith(".v1.Widget", StringComparison.Ordinal)).Value;
        Assert.That(Reply.Render(Reply.At(widget, "properties.spec.properties.size.description")), Is.EqualTo("How large it is."));
        Assert.That(
            Reply.Render(widget!["x-kubernetes-group-version-kind"]), Is.EqualTo($$$$"""[{"group":"{{{{crd.Group}}}}","kind":"Widget","version":"v1"}]"""));
    }

    private static JsonNode Property(Reply document, string schema, string property) =>
        document.Json["components"]!["schemas"]![schema]!["properties"]![property]!;
}
