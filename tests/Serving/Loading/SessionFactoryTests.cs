using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Loading.Providers;

namespace ModelOperator.Serving.Tests.Loading;

internal sealed class SessionFactoryTests
{
    private static readonly byte[] Model = new TinyModel()
        .Input("x", TinyModel.Float, "n").Output("y", TinyModel.Float, "n").Node("Identity", ["x"], "y").ToBytes();

    private string _path = null!;

    [SetUp]
    public void WriteModel()
    {
        _path = Path.GetTempFileName();
        File.WriteAllBytes(_path, Model);
    }

    [TearDown]
    public void DeleteModel() => File.Delete(_path);

    [Test]
    public void Auto_comes_down_to_the_CPU_where_there_is_no_GPU()
    {
        var (session, provider) = Factory("auto", new Machine()).Open(_path);
        session.Dispose();

        Assert.That(provider, Is.EqualTo(ExecutionProvider.Cpu));
    }

    [TestCase("cuda", "cuda: this build of ONNX Runtime has no CUDAExecutionProvider")]
    [TestCase("tensorrt", "tensorrt: this build of ONNX Runtime has no TensorrtExecutionProvider")]
    public void A_provider_that_was_not_built_in_is_refused_in_one_sentence(string asked, string reason) =>
        Refused(asked, new Machine(), $"The model cannot be run on {asked}: {reason}; ask for a GPU with spec.accelerator");

    [Test]
    public void A_machine_without_a_driver_is_told_so() => Refused(
        "cuda", new Machine("CUDAExecutionProvider"), "cuda: there is no NVIDIA driver (libcuda.so.1 cannot be loaded)");

    /// <summary>The library that is there has no CUDA: what it says when it is asked nevertheless is passed on.</summary>
    [Test]
    public void A_provider_that_cannot_be_loaded_is_refused_with_what_ONNX_Runtime_says()
    {
        var machine = new Machine("CUDAExecutionProvider", "TensorrtExecutionProvider") { HasDriver = true };

        Refused("cuda", machine, "The model cannot be run on cuda: cuda: ");
        var (session, provider) = Factory("auto", machine).Open(_path);
        session.Dispose();
        Assert.That(provider, Is.EqualTo(ExecutionProvider.Cpu));
    }

    [Test]
    public void There_are_no_other_words() => Assert.That(ProviderNames.Parse("gpu"), Is.Null);

    private static SessionFactory Factory(string asked, ProviderProbe machine) =>
        new(ProviderSettings.Default with { Candidates = ProviderNames.Parse(asked)! }, 1, machine, NullLogger<SessionFactory>.Instance);

    private void Refused(string asked, ProviderProbe machine, string message) => Assert.That(
        () => Factory(asked, machine).Open(_path), Throws.TypeOf<ModelLoadException>().With.Message.Contains(message).And.Message.Not.Contains("\n"));

    private sealed class Machine(params string[] built) : ProviderProbe
    {
        public bool HasDriver { get; init; }

        protected override IReadOnlyList<string> Built() => built;

        protected override bool CanLoad(string library) => HasDriver;
    }
}
