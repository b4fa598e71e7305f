using System.Security.Cryptography;
using System.Text;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Tests.Loading;

internal sealed class ModelDigestTests
{
    private string _directory = null!;

    private string Model => Path.Combine(_directory, "model.onnx");

    [SetUp]
    public void WriteFiles()
    {
        _directory = Directory.CreateTempSubdirectory("model-digest-").FullName;
        File.WriteAllText(Model, "model");
        File.WriteAllText(Path.Combine(_directory, "weights.bin"), "weights");
    }

    [TearDown]
    public void DeleteFiles() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void A_model_of_one_file_has_the_digest_of_its_bytes() => Assert.That(Digest(), Is.EqualTo(Hex("model")));

    [Test]
    public void A_model_of_several_files_has_the_digest_of_what_sha256sum_prints_of_them()
    {
        var list = $"{Hex("model")}  model.onnx\n{Hex("weights")}  weights.bin\n";

        Assert.That(Digest("weights.bin"), Is.EqualTo(Hex(list)));
        File.WriteAllText(Path.Combine(_directory, ModelDigest.ListName), list);
        Assert.That(Digest("weights.bin"), Is.EqualTo(Hex(list)), "with the list beside it");
    }

    [Test]
    public void Files_that_differ_from_the_list_beside_them_are_refused()
    {
        File.WriteAllText(Path.Combine(_directory, ModelDigest.ListName), $"{Hex("model")}  model.onnx\n");
        Assert.That(
            () => Digest("weights.bin"), Throws.TypeOf<ModelLoadException>().With.Message.Contains("needs \"weights.bin\", which is not of the model"));
        File.WriteAllText(Model, "other");
        Assert.That(() => Digest(), Throws.TypeOf<ModelLoadException>().With.Message.Contains("are not those that were fetched"));
    }

    private string Digest(params string[] beside) => ModelDigest.OfModel(Model, beside, CancellationToken.None);

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
