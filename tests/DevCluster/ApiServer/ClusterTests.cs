namespace ModelOperator.DevCluster.Tests.ApiServer;

/// <summary>Starts one server for a fixture; each test works in a namespace of its own.</summary>
internal abstract class ClusterTests
{
    private static int _namespaces;

    protected TestCluster Cluster { get; private set; } = null!;

    protected string Namespace { get; private set; } = "";

    protected string Core => $"/api/v1/namespaces/{Namespace}";

    protected string Apps => $"/apis/apps/v1/namespaces/{Namespace}";

    [OneTimeSetUp]
    public async Task StartCluster() => Cluster = await TestCluster.StartAsync();

    [OneTimeTearDown]
    public async Task StopCluster() => await Cluster.DisposeAsync();

    [SetUp]
    public async Task MakeNamespace()
    {
        Namespace = $"t{Interlocked.Increment(ref _namespaces)}";
        await Cluster.PostAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{Namespace}}"} }""");
    }

    protected static string ConfigMap(string name, string value = "1", string labels = "{}") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{{{labels}}} },"data":{"a":"{{{value}}}"}}""";

    protected static string Deployment(string name, string spec = "") =>
        $$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}"},"spec":{ {{{spec}}}
        "selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},
        "spec":{"containers":[{"name":"web","image":"nginx"}]} } } }
        """;

    protected static string Pod(string name) =>
        $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"x:1"}]} }""";
}
