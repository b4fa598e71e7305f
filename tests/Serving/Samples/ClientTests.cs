using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Tests.Programs;

namespace ModelOperator.Serving.Tests.Samples;

/// <summary>The sample clients, run as a reader runs them, see what a held-out picture shows.</summary>
internal sealed class ClientTests
{
    private static readonly string Clients = Path.Combine(Repository(), "samples", "clients");
    private static readonly string CSharp = BuiltProgram.Path("ModelOperator.SampleClient", "classify");

    private RunningServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await RunningServer.StartAsync(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "digits", "v2", "model.onnx"),
        settings => settings with { Model = new ModelIdentity("digits", "2", "digits-r2") });

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    // The labels of the file: 6, 0, 5, 9.
    [TestCase(0, 6)]
    [TestCase(3, 9)]
    public async Task Curl(int picture, int digit) =>
        await SeesAsync(picture, digit, "bash", Path.Combine(Clients, "classify.sh"), Rest, $"{picture}");

    [Test]
    public async Task Python_with_json() => await SeesAsync(1, 0, "python3", Path.Combine(Clients, "classify.py"), Rest, "--picture", "1");

    [Test]
    public async Task Python_with_binary_tensors() => await SeesAsync(2, 5, "python3", Path.Combine(Clients, "classify.py"), Rest, "--picture", "2", "--binary");

    [Test]
    public async Task CSharp_with_json() => await SeesAsync(1, 0, CSharp, "json", Rest, "1");

    [Test]
    public async Task CSharp_with_binary_tensors() => await SeesAsync(2, 5, CSharp, "binary", Rest, "2");

    [Test]
    public async Task CSharp_with_grpc() => await SeesAsync(3, 9, CSharp, "grpc", _server.Grpc.AbsoluteUri, "3");

    [Test]
    public async Task A_refusal_is_told_with_the_servers_reason()
    {
        var (exitCode, _, error) = await BuiltProgram.RunAsync(CSharp, "json", Rest + "/elsewhere", "0");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("classify: 404: Not Found"));
    }

    private string Rest => _server.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    private static async Task SeesAsync(int picture, int digit, string program, params string[] arguments)
    {
        var (exitCode, output, error) = await BuiltProgram.RunAsync(program, arguments);

        Assert.That(error, Is.Empty);
        Assert.That(output, Does.StartWith($"picture {picture} is a {digit}"));
        Assert.That(exitCode, Is.Zero);
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ModelOperator.sln")))
        {
            directory = directory.Parent!;
        }
        return directory.FullName;
    }
}
