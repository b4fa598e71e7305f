using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>Loads the model while the health port already answers, then warms it up; a model that cannot be served ends the program.</summary>
internal sealed partial class ModelLoading(
    ServingSettings settings,
    ModelLoader loader,
    Warmup warmup,
    ModelSlot slot,
    ServingMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ModelLoading> logger,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Loads the model and warms it up, in the place of the one that may be there.</summary>
    /// <exception cref="ModelLoadException">It cannot be served; the one before stays.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var started = time.GetTimestamp();
            var model = await loader.LoadAsync(settings.ModelPath, settings.Sha256, cancellationToken);
            if (settings.Batching.On && model.Signature.BatchProblem is { } reason)
            {
                model.Dispose();
                throw new ModelLoadException($"{settings.ModelPath} cannot be served with batching: {reason}; leave spec.runtime.batching out, or export it with a free first dimension.");
            }
            slot.Put(model, new InferenceEngine(model, settings.Engine, metrics, time, loggers.CreateLogger<InferenceEngine>()));
            if (await warmup.RunAsync(model.Signature, cancellationToken) is { } problem)
            {
                LogWarmupFailed(problem);
            }
            var took = time.GetElapsedTime(started);
            metrics.Loaded(took, model.Digest, model.Provider);
            slot.Open();
            LogReady(settings.Model.Name, settings.Model.Version, settings.Model.Revision, model.Digest, took.TotalMilliseconds);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The health port answers first, and a host cannot be stopped before it has started.
        await StartedAsync(stoppingToken);
        try
        {
            await LoadAsync(stoppingToken);
        }
        catch (ModelLoadException failure)
        {
            slot.Fail(failure.Message);
            lifetime.StopApplication();
        }
    }

    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Model {Model} version {Version} revision {Revision} sha256 {Digest} is loaded and warm after {Milliseconds:0} ms")]
    private partial void LogReady(string model, string version, string revision, string digest, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model did not take zeros as warm-up: {Problem}")]
    private partial void LogWarmupFailed(string problem);
}
