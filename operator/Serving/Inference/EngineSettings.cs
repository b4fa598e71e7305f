using ModelOperator.Serving.Inference.Batching;

namespace ModelOperator.Serving.Inference;

/// <param name="Concurrency">Runs at a time: more than the cores or streams can carry only slows all of them down.</param>
/// <param name="Batching">How requests are put together.</param>
/// <param name="Queue">How many may wait.</param>
internal sealed record EngineSettings(int Concurrency, BatchSettings Batching, QueueSettings Queue);
