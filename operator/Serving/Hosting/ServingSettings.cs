using ModelOperator.Api.Conventions;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Inference.Batching;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Loading.Providers;

namespace ModelOperator.Serving.Hosting;

/// <summary>What <c>modelserver serve</c> is told.</summary>
internal sealed record ServingSettings
{
    private static readonly string[] Known =
    [
        "MODEL_NAME", "MODEL_PATH", "MODEL_VERSION", "MODEL_REVISION", "MODEL_SHA256", "MODEL_THREADS", "MODEL_CONCURRENCY", "MODEL_CONTROL",
        "MAX_BATCH_SIZE", "MAX_BATCH_DELAY_MICROSECONDS", "MAX_QUEUE", "MAX_QUEUE_MILLISECONDS",
        "EXECUTION_PROVIDER", "GPU_DEVICE", "GPU_MEMORY_BYTES",
        "WARMUP_REQUESTS", "MAX_REQUEST_BYTES", "DRAIN_SECONDS", "HTTP_PORT", "GRPC_PORT", "METRICS_PORT", "HEALTH_PORT",
    ];

    public required ModelIdentity Model { get; init; }

    public required string ModelPath { get; init; }

    /// <summary>The digest that the file must have, if it is known.</summary>
    public string? Sha256 { get; init; }

    public CpuShare Cpu { get; init; } = CpuShare.Of(Environment.ProcessorCount, null, null);

    public BatchSettings Batching { get; init; } = BatchSettings.Off;

    public QueueSettings Queue { get; init; } = QueueSettings.Default;

    public EngineSettings Engine => new(Cpu.Concurrency, Batching, Queue);

    /// <summary>Whether callers may unload the model, and load it again; Triton's name for it is <c>explicit</c>.</summary>
    public bool ModelControl { get; init; }

    public ProviderSettings Provider { get; init; } = ProviderSettings.Default;

    public int WarmupRequests { get; init; } = 3;

    /// <summary>The longest request body, also after decompression; default 64 MB as in Triton.</summary>
    public int MaxRequestBytes { get; init; } = 64 << 20;

    /// <summary>How long requests are still taken after the order to stop, until everybody has heard that this pod is not ready.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    public int HttpPort { get; init; } = Ports.ModelRest;

    public int GrpcPort { get; init; } = Ports.ModelGrpc;

    public int MetricsPort { get; init; } = Ports.ModelMetrics;

    public int HealthPort { get; init; } = Ports.ModelHealth;

    public static ServingSettings From(string[] args, IConfiguration? environment = null)
    {
        var settings = Settings.From(args, Known, environment);
        int? Optional(string name, int max) => settings.Number(name, 0, 1, max) is > 0 and var value ? (int)value : null;
        return new ServingSettings
        {
            Model = new ModelIdentity(
                settings.Require("MODEL_NAME"), settings.Find("MODEL_VERSION") ?? "1", settings.Find("MODEL_REVISION") ?? ""),
            ModelPath = settings.Require("MODEL_PATH"),
            Sha256 = settings.Sha256("MODEL_SHA256"),
            Cpu = CpuShare.Of(Environment.ProcessorCount, Optional("MODEL_THREADS", 1024), Optional("MODEL_CONCURRENCY", 4096)),
            Batching = new BatchSettings(
                (int)settings.Number("MAX_BATCH_SIZE", 1, 1, 65_536),
                TimeSpan.FromMicroseconds(settings.Number("MAX_BATCH_DELAY_MICROSECONDS", 0, 0, 10_000_000))),
            Queue = new QueueSettings(
                (int)settings.Number("MAX_QUEUE", QueueSettings.Default.MaxRequests, 0, 1_000_000),
                Optional("MAX_QUEUE_MILLISECONDS", 3_600_000) is { } wait ? TimeSpan.FromMilliseconds(wait) : null),
            ModelControl = settings.Find("MODEL_CONTROL") switch
            {
                null or "none" => false,
                "explicit" => true,
                var other => throw new SettingException($"MODEL_CONTROL is \"{other}\"; it must be none or explicit."),
            },
            Provider = new ProviderSettings(
                settings.Find("EXECUTION_PROVIDER") is { } provider
                    ? ProviderNames.Parse(provider) ?? throw new SettingException($"EXECUTION_PROVIDER is \"{provider}\"; it must be auto, cuda, tensorrt or cpu.")
                    : ProviderSettings.Default.Candidates,
                (int)settings.Number("GPU_DEVICE", 0, 0, 1023),
                settings.Number("GPU_MEMORY_BYTES", 0, 0, long.MaxValue) is > 0 and var limit ? limit : null),
            WarmupRequests = (int)settings.Number("WARMUP_REQUESTS", 3, 0, 10_000),
            MaxRequestBytes = (int)settings.Number("MAX_REQUEST_BYTES", 64 << 20, 1, 1 << 30),
            Drain = TimeSpan.FromSeconds(settings.Number("DRAIN_SECONDS", 2, 0, 3600)),
            HttpPort = (int)settings.Number("HTTP_PORT", Ports.ModelRest, 0, ushort.MaxValue),
            GrpcPort = (int)settings.Number("GRPC_PORT", Ports.ModelGrpc, 0, ushort.MaxValue),
            MetricsPort = (int)settings.Number("METRICS_PORT", Ports.ModelMetrics, 0, ushort.MaxValue),
            HealthPort = (int)settings.Number("HEALTH_PORT", Ports.ModelHealth, 0, ushort.MaxValue),
        };
    }
}
