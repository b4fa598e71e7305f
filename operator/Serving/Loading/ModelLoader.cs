using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading.OnnxFiles;
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
        var beside = OnnxFileCheck.Run(path);
        // Reading a large file twice takes half the time when both are done at once; nothing is served before both agree.
        var digesting = Task.Run(() => Digest(path, sha256, beside, cancellationToken), cancellationToken);
        var opening = Task.Run(() => Open(path), cancellationToken);
        string digest;
        try
        {
            digest = await digesting;
        }
        catch
        {
            _ = opening.ContinueWith(
                static open => open.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
        var session = await opening;
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

    private InferenceSession Open(string path)
    {
        try
        {
            using var options = Options();
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelLoadException(
                $"{path} is no ONNX model that this server can load: {OnnxRuntimeText.Of(failure)}; check the file with onnx.checker and its opset.");
        }
    }

    private static string Digest(string path, string? expected, IReadOnlyList<string> beside, CancellationToken cancellationToken)
    {
        try
        {
            var digest = ModelDigest.OfModel(path, beside, cancellationToken);
            return expected is null || expected == digest
                ? digest
                : throw new ModelLoadException(
                    $"{path} has sha256 {digest}, expected {expected}: the file changed since the revision was made; restore the bytes or make a new revision.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OnnxFileCheck.Unreadable(path, failure);
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
