using System.Text.Json.Nodes;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>A definition in a group of the test's own, established, and removed at the end.</summary>
internal sealed class CustomResource : IAsyncDisposable
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private readonly ApiClient _api;

    private CustomResource(ApiClient api, string ns)
    {
        _api = api;
        Group = $"{ns}.example.com";
        Path = $"/apis/{Group}/v1/namespaces/{ns}/widgets";
    }

    public string Group { get; }

    /// <summary>The collection in the test's namespace.</summary>
    public string Path { get; }

    public string DefinitionPath => $"{Definitions}/widgets.{Group}";

    /// <summary>Creates a definition of Widgets and waits until they are served.</summary>
    /// <param name="api">The server.</param>
    /// <param name="ns">The test's namespace; the group is named after it.</param>
    /// <param name="properties">The schema's properties beside apiVersion, kind and metadata.</param>
    /// <param name="version">More fields of the version, such as subresources, as JSON without braces.</param>
    /// <param name="schema">More fields of the schema itself, as JSON without braces.</param>
    public static async Task<CustomResource> InstallAsync(
        ApiClient api, string ns, string properties = """{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""", string version = "", string schema = "")
    {
        var resource = new CustomResource(api, ns);
        var created = await api.SendAsync(HttpMethod.Post, Definitions, Definition(ns, properties, version, schema));
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        await resource.EstablishedAsync();
        return resource;
    }

    /// <summary>Widgets that the test defined itself, once they are served.</summary>
    public static async Task<CustomResource> ExistingAsync(ApiClient api, string ns)
    {
        var resource = new CustomResource(api, ns);
        await resource.EstablishedAsync();
        return resource;
    }

    /// <summary>The manifest of such a definition.</summary>
    public static string Definition(string ns, string properties, string version = "", string schema = "") => $$$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.{{{{ns}}}}.example.com"},
         "spec":{"group":"{{{{ns}}}}.example.com","scope":"Namespaced",
                 "names":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList","shortNames":["wd"],"categories":["gadgets"]},
                 "versions":[{"name":"v1","served":true,"storage":true,
                   "schema":{"openAPIV3Schema":{"type":"object","properties":{{{{properties}}}}{{{{(schema.Length > 0 ? "," : "")}}}}{{{{schema}}}}}}
                   {{{{(version.Length > 0 ? "," : "")}}}}{{{{version}}}}}]}}
        """;

    private async Task EstablishedAsync()
    {
        await Eventually.IsAsync(() => _api.SendAsync(HttpMethod.Get, DefinitionPath), IsEstablished, "the definition is established");
        await Eventually.IsAsync(() => _api.SendAsync(HttpMethod.Get, Path), reply => reply.Code == 200, "its resources are served");
    }

    /// <summary>A Widget.</summary>
    public string Object(string name, string spec) =>
        $$$$"""{"apiVersion":"{{{{Group}}}}/v1","kind":"Widget","metadata":{"name":"{{{{name}}}}"},"spec":{{{{spec}}}}}""";

    public async ValueTask DisposeAsync() => await _api.SendAsync(HttpMethod.Delete, DefinitionPath);

    private static bool IsEstablished(Reply reply) => Reply.At(reply.Json, "status.conditions") is JsonArray conditions
        && conditions.Any(condition => condition!["type"]!.GetValue<string>() == "Established" && condition["status"]!.GetValue<string>() == "True");
}
