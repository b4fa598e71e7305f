using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>ONNX Runtime without a server: what no server can be faster than.</summary>
internal static class InProcess
{
    private static readonly TimeSpan Share = TimeSpan.FromMilliseconds(300);

    /// <summary>As the server sets it up.</summary>
    public static InferenceSession Open(string model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(model, options);
    }

    /// <returns>Microseconds of one run on so many rows.</returns>
    public static double Run(InferenceSession session, string input, float[] row, int rows)
    {
        var data = Enumerable.Repeat(row, rows).SelectMany(one => one).ToArray();
        using var value = OrtValue.CreateTensorValueFromMemory(data, [rows, row.Length]);
        string[] inputs = [input];
        OrtValue[] values = [value];
        using var options = new RunOptions();
        var began = TimeProvider.System.GetTimestamp();
        var runs = 0;
        while (TimeProvider.System.GetElapsedTime(began) < Share)
        {
            session.Run(options, inputs, values, session.OutputNames).Dispose();
            runs++;
        }
        return TimeProvider.System.GetElapsedTime(began).TotalMicroseconds / runs;
    }
}
