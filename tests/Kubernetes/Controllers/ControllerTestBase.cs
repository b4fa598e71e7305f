using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Controllers;

/// <summary>A controller of Deployments in a cluster in memory.</summary>
internal abstract class ControllerTestBase
{
    private Task _running = Task.CompletedTask;

    protected ManualTimeProvider Clock { get; } = new();

    protected FakeCluster Cluster { get; } = new();

    protected RecordingController Controller { get; } = new();

    protected CancellationTokenSource Stop { get; } = new();

    protected FakeMeters Meters { get; } = new();

    protected RecordingLogger Logger { get; } = new();

    protected SharedInformers Informers { get; private set; } = null!;

    protected ControllerRunner<V1Deployment> Runner { get; private set; } = null!;

    [SetUp]
    public void Create() => Use(new ControllerOptions { Workers = 3 });

    [TearDown]
    public async Task StopAsync()
    {
        await Stop.CancelAsync();
        await _running;
        Runner.Dispose();
        Meters.Dispose();
        Stop.Dispose();
    }

    protected static V1Deployment Deployment(string name, int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1DeploymentSpec { Replicas = replicas },
    };

    protected static V1ConfigMap ConfigMap(string name, string target) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Data = new Dictionary<string, string> { ["target"] = target },
    };

    /// <summary>Makes the test's controller run otherwise.</summary>
    protected void Use(ControllerOptions options)
    {
        Runner?.Dispose();
        Informers = new SharedInformers(Cluster, Clock, Logger);
        Runner = new ControllerRunner<V1Deployment>(
            Controller, Informers, options with { Metrics = new ControllerMetrics(Meters) }, Clock, new Logger<ControllerRunner<V1Deployment>>(Logger));
    }

    protected void Run() => _running = Task.WhenAll(Informers.RunAsync(Stop.Token), Runner.RunAsync(Stop.Token));

    /// <summary>Waits until somebody waits for exactly this long, then lets the time pass.</summary>
    protected async Task PassDelayAsync(TimeSpan delay)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Clock.WaitForTimersAsync(timers => timers.Contains(delay), limit.Token);
        Clock.Advance(delay);
    }
}
