using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelOperator.Serving.Loading;

/// <summary>Makes a model of a file: verifies its digest, reads it with ONNX Runtime, checks that the protocol can carry it.</summary>
internal sealed class ModelLoader(int threads)
{
    static ModelLoader()
    {
        // Its own log goes to stderr in a format of its own; what matters comes back as an error.
        var options = new EnvironmentCreationOptions { logId = "modelserver", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtEnv.CreateInstanceWithOptions(ref options);
    }

    /// <exception cref="ModelLoadException">With one sentence of what is wrong and what to do.</exception>
    public async Task<LoadedModel> LoadAsync(string path, string? sha256, CancellationToken cancellationToken)
    {
        var digest = await DigestAsync(path, cancellationToken);
        if (sha256 is not null && sha256 != digest)
        {
            throw new ModelLoadException(
                $"{path} has sha256 {digest}, expected {sha256}: the file changed since the revision was made; restore the bytes or make a new revision.");
        }
        InferenceSession session;
        try
        {
            session = new InferenceSession(path, Options());
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelLoadException(
                $"{path} is no ONNX model that this server can load: {OnnxRuntimeText.Of(failure)}; check the file with onnx.checker and its opset.");
        }
        try
        {
            return new LoadedModel(session, Signature(path, session), digest);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 17, useAsync: false);
            if (file.Length == 0)
            {
                throw new ModelLoadException($"{path} is empty; fetch the model again.");
            }
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{path} cannot be read: {failure.Message.TrimEnd('.')}; check MODEL_PATH and its volume.");
        }
    }

    private SessionOptions Options()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads that spin while idle take the cores that a neighbouring pod needs.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static ModelSignature Signature(string path, InferenceSession session) => new(
        [.. session.InputNames.Select(name => Spec(path, "input", name, session.InputMetadata[name]))],
        [.. session.OutputNames.Select(name => Spec(path, "output", name, session.OutputMetadata[name]))]);

    private static TensorSpec Spec(string path, string side, string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
        {
            throw new ModelLoadException(
                $"{path}: {side} '{name}' is no tensor ({metadata.OnnxValueType}), which the protocol cannot carry; export the model without it (scikit-learn: zipmap=False).");
        }
        if (DataTypes.FromElement(metadata.ElementDataType) is not { } type)
        {
            throw new ModelLoadException($"{path}: {side} '{name}' has elements of type {metadata.ElementDataType}, which the protocol cannot carry.");
        }
        return new TensorSpec(name, type, [.. metadata.Dimensions.Select(dimension => (long)dimension)], metadata.SymbolicDimensions);
    }
}
