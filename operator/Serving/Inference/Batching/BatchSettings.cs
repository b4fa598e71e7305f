namespace ModelOperator.Serving.Inference.Batching;

/// <summary>How requests are put together.</summary>
/// <param name="MaxSize">Rows that the model is given at once; 1: requests run one by one, whatever rows they have.</param>
/// <param name="MaxDelay">How long a request waits for others although the model is free.</param>
internal readonly record struct BatchSettings(int MaxSize, TimeSpan MaxDelay)
{
    public static BatchSettings Off { get; } = new(1, TimeSpan.Zero);

    public bool On => MaxSize > 1;
}
