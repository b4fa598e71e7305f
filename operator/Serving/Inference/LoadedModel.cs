using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>A model in memory. Runs may overlap.</summary>
internal sealed class LoadedModel(InferenceSession session, ModelSignature signature, string digest) : IDisposable
{
    private readonly string[] _inputNames = [.. signature.Inputs.Select(input => input.Name)];

    public ModelSignature Signature { get; } = signature;

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string Digest { get; } = digest;

    /// <summary>What runs it.</summary>
    public string Provider { get; } = "cpu";

    /// <param name="inputs">In the order of the signature.</param>
    /// <param name="outputs">Names of the outputs that are wanted.</param>
    /// <returns>In the order of <paramref name="outputs"/>; the caller disposes them.</returns>
    /// <exception cref="InferenceException">The model failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue[] inputs, string[] outputs)
    {
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            return session.Run(options, _inputNames, inputs, outputs);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new InferenceException(OnnxRuntimeText.Of(failure), failure);
        }
    }

    public void Dispose() => session.Dispose();
}
