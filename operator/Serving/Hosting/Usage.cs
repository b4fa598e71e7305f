namespace ModelOperator.Serving.Hosting;

/// <summary>What the program says to a command line that it does not understand.</summary>
internal static class Usage
{
    public const int UsageExitCode = 2;

    public const string Text =
        """
        modelserver fetch   bring a model to a file: MODEL_URI, MODEL_PATH, MODEL_SHA256, MODEL_MAX_BYTES, TERMINATION_LOG
        modelserver serve   answer inference requests (Open Inference Protocol V2): MODEL_NAME, MODEL_PATH, MODEL_VERSION,
                            MODEL_REVISION, MODEL_SHA256, MODEL_THREADS, MODEL_CONCURRENCY, MODEL_CONTROL, MAX_BATCH_SIZE,
                            MAX_BATCH_DELAY_MICROSECONDS, MAX_QUEUE, MAX_QUEUE_MILLISECONDS, EXECUTION_PROVIDER,
                            GPU_DEVICE, GPU_MEMORY_BYTES, WARMUP_REQUESTS,
                            MAX_REQUEST_BYTES, DRAIN_SECONDS, HTTP_PORT, GRPC_PORT, METRICS_PORT, HEALTH_PORT,
                            POD_IP, LOG_LEVEL
        Every setting is an environment variable; on the command line MODEL_PATH is --model-path, and so on.
        """;

    public static int Refuse(string[] args)
    {
        var asked = args is ["--help" or "-h" or "help"];
        (asked ? Console.Out : Console.Error).WriteLine(Text);
        return asked ? 0 : UsageExitCode;
    }
}
