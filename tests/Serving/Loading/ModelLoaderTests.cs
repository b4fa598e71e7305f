using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Loading.Providers;

namespace ModelOperator.Serving.Tests.Loading;

internal sealed class ModelLoaderTests
{
    private static readonly byte[] Model = new TinyModel()
        .Input("x", TinyModel.Float, "n").Output("y", TinyModel.Float, "n").Node("Identity", ["x"], "y").ToBytes();

    private string _path = null!;

    [SetUp]
    public void CreateFile() => _path = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public async Task A_model_is_loaded_with_the_digest_of_its_bytes()
    {
        using var model = await LoadAsync(Model, Digest(Model));

        Assert.That(model.Digest, Is.EqualTo(Digest(Model)));
        Assert.That(model.Signature.HasBatch);
    }

    [Test]
    public Task Other_bytes_than_the_revisions_are_refused() => RefusedAsync(
        Model, new string('0', 64), $"has sha256 {Digest(Model)}, expected {new string('0', 64)}");

    [Test]
    public Task An_empty_file_is_refused() => RefusedAsync([], null, "is empty");

    [Test]
    public Task Text_is_refused() => RefusedAsync("<html>not found</html>"u8.ToArray(), null, "is no ONNX model that this server can load");

    [Test]
    public Task A_model_that_was_cut_short_is_refused() => RefusedAsync(Model[..^20], null, "is no ONNX model that this server can load");

    [Test]
    public Task An_operator_that_does_not_exist_is_refused_by_name() => RefusedAsync(
        new TinyModel().Input("x", TinyModel.Float, "n").Output("y", TinyModel.Float, "n").Node("Frobnicate", ["x"], "y").ToBytes(),
        null, "Frobnicate");

    [Test]
    public async Task A_missing_file_is_refused()
    {
        File.Delete(_path);
        await Assert.ThatAsync(
            () => Loader().LoadAsync(_path, null, CancellationToken.None),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("cannot be read"));
    }

    [TestCase(1, null, null, 1, 1)]
    [TestCase(2, null, null, 1, 2)]
    [TestCase(8, null, null, 4, 2)]
    [TestCase(64, null, null, 4, 16)]
    [TestCase(8, 8, null, 8, 1)]
    [TestCase(8, 2, 3, 2, 3)]
    public void Cores_are_divided_between_runs(int cores, int? threads, int? concurrency, int perRun, int runs) =>
        Assert.That(CpuShare.Of(cores, threads, concurrency), Is.EqualTo(new CpuShare(perRun, runs)));

    private async Task<Serving.Inference.LoadedModel> LoadAsync(byte[] bytes, string? sha256)
    {
        await File.WriteAllBytesAsync(_path, bytes);
        return await Loader().LoadAsync(_path, sha256, CancellationToken.None);
    }

    private Task RefusedAsync(byte[] bytes, string? sha256, string message) => Assert.ThatAsync(
        () => LoadAsync(bytes, sha256),
        Throws.TypeOf<ModelLoadException>().With.Message.Contains(message).And.Message.Not.Contains("\n"));

    private static ModelLoader Loader() =>
        new(new SessionFactory(ProviderSettings.Default, 1, new ProviderProbe(), NullLogger<SessionFactory>.Instance));

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
