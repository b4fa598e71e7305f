using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading.OnnxFiles;
using ModelOperator.Serving.Loading.Providers;

namespace ModelOperator.Serving.Loading;

/// <summary>Makes a model of a file: verifies its digest, reads it with ONNX Runtime, checks that the protocol can carry it.</summary>
internal sealed class ModelLoader(SessionFactory sessions)
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
        var opening = Task.Run(() => sessions.Open(path), cancellationToken);
        string digest;
        try
        {
            digest = await digesting;
        }
        catch
        {
            _ = opening.ContinueWith(
                static open => open.Result.Session.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
        var (session, provider) = await opening;
        try
        {
            return new LoadedModel(session, Signature(path, session), digest, provider.Name());
        }
        catch
        {
            session.Dispose();
            throw;
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
