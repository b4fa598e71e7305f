namespace ModelOperator.Serving.Loading.Providers;

/// <summary>What is to run the model.</summary>
/// <param name="Candidates">Tried in this order; the first that works is taken.</param>
/// <param name="Device">Which GPU, of those that the pod sees.</param>
/// <param name="MemoryLimit">Bytes of the GPU's memory that the arena may take; null: all.</param>
internal sealed record ProviderSettings(ExecutionProvider[] Candidates, int Device, long? MemoryLimit)
{
    public static ProviderSettings Default { get; } = new(ProviderNames.Parse(ProviderNames.Auto)!, 0, null);
}
