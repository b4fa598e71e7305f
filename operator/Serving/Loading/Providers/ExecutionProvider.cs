namespace ModelOperator.Serving.Loading.Providers;

/// <summary>What runs a model.</summary>
internal enum ExecutionProvider
{
    TensorRt,
    Cuda,
    Cpu,
}
