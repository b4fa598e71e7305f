using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.CustomResources;

namespace ModelOperator.Api.Tests.CustomResources;

internal sealed class CommittedDefinitionsTests
{
    private static readonly IReadOnlyDictionary<string, string> Generated =
        CustomResourceDefinitionWriter.Render(typeof(V1Alpha1ModelDeployment).Assembly);

    [TestCaseSource(nameof(FileNames))]
    public void The_committed_definition_is_what_the_types_say(string fileName) =>
        Assert.That(
            File.ReadAllText(Path.Combine(Definitions(), fileName)), Is.EqualTo(Generated[fileName]), "run `make manifests` and commit crds/");

    [Test]
    public void Nothing_else_is_committed() =>
        Assert.That(Directory.GetFiles(Definitions()).Select(Path.GetFileName), Is.EquivalentTo(Generated.Keys));

    [Test]
    public void The_committed_field_reference_is_what_the_types_say() =>
        Assert.That(
            File.ReadAllText(Path.Combine(Definitions(), "..", "docs", "fields.md")),
            Is.EqualTo(FieldReference.Render(typeof(V1Alpha1ModelDeployment).Assembly)),
            "run `make manifests` and commit docs/fields.md");

    private static IEnumerable<string> FileNames() => Generated.Keys;

    private static string Definitions()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ModelOperator.sln")))
        {
            directory = directory.Parent;
        }

        Assert.That(directory, Is.Not.Null, "the tests do not lie in the repository");
        return Path.Combine(directory!.FullName, "crds");
    }
}
