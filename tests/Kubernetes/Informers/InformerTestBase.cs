using System.Threading.Channels;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Informers;

/// <summary>An informer of ConfigMaps before an API that answers what a test has queued.</summary>
internal abstract class InformerTestBase
{
    // Every random number is 0.5: a failure waits one and a half times its delay.
    protected static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(1200);

    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private KubernetesClient _client = null!;
    private Task _running = Task.CompletedTask;

    protected ManualTimeProvider Clock { get; } = new();

    protected RecordingLogger Logger { get; } = new();

    protected FakeMeters Meters { get; } = new();

    protected FakeApi Api { get; private set; } = null!;

    protected Informer<V1ConfigMap> Informer { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Api = await FakeApi.StartAsync();
        _client = Api.CreateClient(Clock);
        Informer = Create<V1ConfigMap>(new InformerOptions { StreamsInitialObjects = false, ResyncPeriod = null });
        Informer.AddHandler(Record);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        await Api.DisposeAsync();
        Meters.Dispose();
        _stop.Dispose();
    }

    protected static bool IsWatch(RecordedRequest request) => request.Query.ContainsKey("watch");

    protected static ChannelReader<string> Lines(params string[] lines)
    {
        var channel = Channel.CreateUnbounded<string>();
        foreach (var line in lines)
        {
            channel.Writer.TryWrite(line);
        }

        return channel.Reader;
    }

    protected Informer<T> Create<T>(InformerOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(_client, options, Clock, Logger, new InformerMetrics(Meters), () => 0.5);

    /// <summary>Makes the test's informer another one, told like the first.</summary>
    protected void Use(InformerOptions options)
    {
        Informer = Create<V1ConfigMap>(options);
        Informer.AddHandler(Record);
    }

    protected void Record(InformerEvent<V1ConfigMap> change) =>
        Tell($"{(change.IsResync ? "Resync" : change.Type)} {change.Object.Name()} {change.Object.ResourceVersion()}");

    protected void Tell(string text) => _changes.Writer.TryWrite(text);

    protected void Run() => Run(Informer);

    protected void Run<T>(Informer<T> informer)
        where T : class, IKubernetesObject<V1ObjectMeta> => _running = informer.RunAsync(_stop.Token);

    protected string?[] WatchVersions() => [.. Api.Requests.Where(IsWatch).Select(request => request.Query.GetValueOrDefault("resourceVersion"))];

    protected string?[] ListVersions() =>
        [.. Api.Requests.Where(request => !IsWatch(request)).Select(request => request.Query.GetValueOrDefault("resourceVersion"))];

    protected async Task<List<string>> NextAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var taken = new List<string>();
        while (taken.Count < count)
        {
            taken.Add(await _changes.Reader.ReadAsync(limit.Token));
        }

        return taken;
    }

    /// <summary>Waits until somebody waits for exactly this long, then lets the time pass.</summary>
    protected async Task PassAsync(TimeSpan delay)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Clock.WaitForTimersAsync(timers => timers.Contains(delay), limit.Token);
        Clock.Advance(delay);
    }
}
