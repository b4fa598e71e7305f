namespace ModelOperator.Serving.Inference;

/// <summary>A model that can be run. Runs may overlap.</summary>
internal interface IModelSession : IDisposable
{
    ModelSignature Signature { get; }

    /// <param name="inputs">In the order of the signature.</param>
    /// <param name="outputs">Indices into the signature's outputs.</param>
    /// <returns>In the order of <paramref name="outputs"/>, held once by the caller.</returns>
    /// <exception cref="InferenceException">The model failed.</exception>
    RunOutputs Run(InputTensor[] inputs, int[] outputs);
}
