using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Clients;

/// <summary>A test with a real client and a folder of its own.</summary>
internal abstract class ClientTest : ConformanceTest
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("modeloperator-client-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected Task<string> Kubectl(params string[] arguments) => KubectlReading(null, arguments);

    protected Task<string> KubectlReading(string? input, params string[] arguments) =>
        new ClientProgram("kubectl", Folder).RunAsync(input, ["--namespace", Namespace, .. arguments]);

    protected Task<ProgramResult> TryKubectl(string? input, params string[] arguments) =>
        new ClientProgram("kubectl", Folder).TryRunAsync(input, ["--namespace", Namespace, .. arguments]);

    protected Task<string> Helm(params string[] arguments) => new ClientProgram("helm", Folder).RunAsync(null, ["--namespace", Namespace, .. arguments]);
}
