using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.OnnxRuntime.Tests;

/// <summary>The managed API and the native library are there, fit each other and run a model.</summary>
internal sealed class InferenceTests
{
    [Test]
    public void A_model_runs()
    {
        var bytes = new TinyModel()
            .Input("a", TinyModel.Float, "n", 2).Input("b", TinyModel.Float, "n", 2).Output("sum", TinyModel.Float, "n", 2)
            .Node("Add", ["a", "b"], "sum")
            .ToBytes();
        using var session = new InferenceSession(bytes);
        using var a = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2 }, [1, 2]);
        using var b = OrtValue.CreateTensorValueFromMemory(new[] { 0.5f, 0.25f }, [1, 2]);
        using var options = new RunOptions();

        using var outputs = session.Run(options, ["a", "b"], [a, b], ["sum"]);

        Assert.That(outputs[0].GetTensorDataAsSpan<float>().ToArray(), Is.EqualTo(new[] { 1.5f, 2.25f }));
    }

    [Test]
    public void The_native_library_is_the_version_that_the_managed_api_was_written_for() =>
        Assert.That(OrtEnv.Instance().GetVersionString(), Is.EqualTo("1.29.0"));
}
