namespace ModelOperator.Serving.Loading.Providers;

/// <summary>What the providers are called: by users and in metrics, and by ONNX Runtime.</summary>
internal static class ProviderNames
{
    public const string Auto = "auto";

    private static readonly Dictionary<string, ExecutionProvider> ByName = new(StringComparer.Ordinal)
    {
        ["tensorrt"] = ExecutionProvider.TensorRt,
        ["cuda"] = ExecutionProvider.Cuda,
        ["cpu"] = ExecutionProvider.Cpu,
    };

    public static string Name(this ExecutionProvider provider) => ByName.First(entry => entry.Value == provider).Key;

    public static string NameInOnnxRuntime(this ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.TensorRt => "TensorrtExecutionProvider",
        ExecutionProvider.Cuda => "CUDAExecutionProvider",
        _ => "CPUExecutionProvider",
    };

    /// <summary>Those to try, in this order; null when the word is none of <c>auto cuda tensorrt cpu</c>.</summary>
    public static ExecutionProvider[]? Parse(string text) =>
        text == Auto ? [ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu]
        : ByName.TryGetValue(text, out var one) ? [one]
        : null;
}
