using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelOperator.Serving.Loading.Providers;

/// <summary>Opens a model with the first provider that works, and says of those before it why they do not.</summary>
internal sealed partial class SessionFactory(
    ProviderSettings settings, int threads, ProviderProbe probe, ILogger<SessionFactory> logger)
{
    /// <exception cref="ModelLoadException">None works, or the model itself is bad.</exception>
    public (InferenceSession Session, ExecutionProvider Provider) Open(string path)
    {
        var problems = new List<string>();
        foreach (var provider in settings.Candidates)
        {
            if (probe.ProblemOf(provider) is { } problem)
            {
                problems.Add($"{provider.Name()}: {problem}");
                continue;
            }
            try
            {
                using var options = Options(provider);
                var session = new InferenceSession(path, options);
                LogChosen(provider.Name(), problems.Count == 0 ? "" : $" ({string.Join("; ", problems)})");
                return (session, provider);
            }
            catch (Exception failure) when (failure is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
            {
                var text = failure is OnnxRuntimeException known ? OnnxRuntimeText.Of(known) : failure.Message;
                if (provider == ExecutionProvider.Cpu)
                {
                    throw new ModelLoadException(
                        $"{path} is no ONNX model that this server can load: {text}; check the file with onnx.checker and its opset.");
                }
                problems.Add($"{provider.Name()}: {text}");
            }
        }
        throw new ModelLoadException(
            $"The model cannot be run on {string.Join(" or ", settings.Candidates.Select(one => one.Name()))}: {string.Join("; ", problems)}; " +
            "ask for a GPU with spec.accelerator and for an image with GPU support, or set spec.runtime.executionProvider to auto or cpu.");
    }

    private SessionOptions Options(ExecutionProvider provider)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            // Threads that spin while idle take the cores that a neighbouring pod needs.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            if (provider == ExecutionProvider.TensorRt)
            {
                using var tensorRt = new OrtTensorRTProviderOptions();
                tensorRt.UpdateOptions(new Dictionary<string, string> { ["device_id"] = Text(settings.Device) });
                options.AppendExecutionProvider_Tensorrt(tensorRt);
            }
            if (provider is ExecutionProvider.TensorRt or ExecutionProvider.Cuda)
            {
                // What TensorRT does not take, CUDA does.
                using var cuda = new OrtCUDAProviderOptions();
                cuda.UpdateOptions(CudaOptions());
                options.AppendExecutionProvider_CUDA(cuda);
            }
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private Dictionary<string, string> CudaOptions()
    {
        var options = new Dictionary<string, string>
        {
            ["device_id"] = Text(settings.Device),
            // By doubling, the arena would take up to twice what the model needs of a GPU that others may share.
            ["arena_extend_strategy"] = "kSameAsRequested",
            // Trying every algorithm makes the first run of each new shape take seconds.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
        };
        if (settings.MemoryLimit is { } limit)
        {
            options["gpu_mem_limit"] = Text(limit);
        }
        return options;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "The model runs on {Provider}{Others}")]
    private partial void LogChosen(string provider, string others);
}
