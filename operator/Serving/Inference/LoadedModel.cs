using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>A model in memory.</summary>
internal sealed class LoadedModel(InferenceSession session, ModelSignature signature, string digest, string provider) : IModelSession
{
    private readonly RunOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] _inputNames = [.. signature.Inputs.Select(input => input.Name)];
    private readonly string[] _outputNames = [.. signature.Outputs.Select(output => output.Name)];

    public ModelSignature Signature { get; } = signature;

    /// <summary>SHA-256 of its file or files, lower-case hexadecimal.</summary>
    public string Digest { get; } = digest;

    /// <summary>What runs it: <c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    public string Provider { get; } = provider;

    public RunOutputs Run(InputTensor[] inputs, int[] outputs)
    {
        IDisposableReadOnlyCollection<OrtValue> values;
        try
        {
            values = session.Run(_options, _inputNames, Array.ConvertAll(inputs, input => input.Value), Names(outputs));
        }
        catch (OnnxRuntimeException failure)
        {
            throw new InferenceException(OnnxRuntimeText.Of(failure), failure);
        }
        try
        {
            return new RunOutputs(Signature, outputs, values, values);
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        session.Dispose();
        _options.Dispose();
    }

    // Nearly every caller wants all of them in their order.
    private string[] Names(int[] outputs)
    {
        if (outputs.Length == _outputNames.Length)
        {
            var i = 0;
            while (i < outputs.Length && outputs[i] == i)
            {
                i++;
            }
            if (i == outputs.Length)
            {
                return _outputNames;
            }
        }
        return Array.ConvertAll(outputs, index => _outputNames[index]);
    }
}
