using System.Text.Json;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Queue;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.TestSupport.Samples;

namespace ModelOperator.Kubernetes.Tests.Allocations;

/// <summary>What the hot paths allocate, against the bytes in <c>expected-allocations.json</c>: fewer is a reason to lower them there.</summary>
[NonParallelizable]
internal sealed class AllocationTests
{
    private const int Pods = 1000;

    private static readonly JsonElement Expected = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Allocations", "expected-allocations.json"))).RootElement;

    [Test]
    public async Task Decoding_a_pod_event_allocates_the_expected_bytes() => Check("decode a pod event", await DecodingAsync<V1Pod>());

    [Test]
    [Behaviour(12)]
    public async Task Decoding_metadata_alone_allocates_the_expected_bytes() =>
        Check("decode a pod event, metadata alone", await DecodingAsync<PartialObjectMetadata<V1Pod>>());

    [Test]
    public async Task A_cached_pod_costs_the_expected_bytes_of_live_heap()
    {
        var events = Events();
        await DrainAsync<V1Pod>(events);
        var before = Live();
        var store = await CacheAsync(events);
        var perPod = (Live() - before) / (double)Pods;
        GC.KeepAlive(store);

        Check("live heap of a cached pod", perPod);
    }

    [Test]
    public void Adding_taking_and_finishing_a_key_allocate_nothing()
    {
        using var queue = new WorkQueue<ObjectKey>(TimeProvider.System);

        Check("queue add, take and done", PerRound(() => Round(queue)));
    }

    [Test]
    public void The_same_measured_allocates_nothing()
    {
        using var meters = new ListeningMeters();
        using var queue = new WorkQueue<ObjectKey>(TimeProvider.System, metrics: (new ControllerMetrics(meters).Queues, "test"));

        Check("queue measured", PerRound(() => Round(queue)));
    }

    [Test]
    public async Task Waking_a_worker_allocates_nothing()
    {
        using var queue = new WorkQueue<ObjectKey>(TimeProvider.System);
        var key = new ObjectKey("default", "web");
        var taken = new SemaphoreSlim(0);
        var worker = Task.Run(async () =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is (true, var one))
            {
                queue.Done(one);
                taken.Release();
            }
        });
        for (var i = 0; i < 2000; i++)
        {
            queue.Add(key);
            taken.Wait();
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 2000; i++)
        {
            queue.Add(key);
            taken.Wait();
        }

        var perRound = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000.0;
        queue.ShutDown();
        await worker;

        // The whole process is counted, test runner included.
        Check("queue add, a waiting worker woken, take and done", Math.Max(0, perRound - 64));
    }

    private static void Check(string name, double bytes)
    {
        var expected = Expected.GetProperty(name).GetDouble();
        TestContext.Out.WriteLine($"{name}: {bytes:0} bytes, expected {expected:0}");
        Assert.That(bytes, Is.LessThanOrEqualTo(expected * (1 + Expected.GetProperty("tolerance").GetDouble())), name);
    }

    private static byte[] Events()
    {
        using var events = new MemoryStream();
        for (var i = 0; i < Pods; i++)
        {
            events.Write(SamplePods.EventLine("ADDED", SamplePods.Json(i, i + 1)));
        }

        return events.ToArray();
    }

    private static async Task<double> DecodingAsync<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var events = Events();
        await DrainAsync<T>(events);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await DrainAsync<T>(events);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Pods;
    }

    private static async Task DrainAsync<T>(byte[] events)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        using var stream = new MemoryStream(events);
        await foreach (var _ in WatchStreamReader.ReadAsync<T>(stream, onInvalid: null, CancellationToken.None))
        {
        }
    }

    private static async Task<ObjectStore<V1Pod>> CacheAsync(byte[] events)
    {
        var store = new ObjectStore<V1Pod>();
        var changes = new List<InformerEvent<V1Pod>>();
        using var stream = new MemoryStream(events);
        await foreach (var change in WatchStreamReader.ReadAsync<V1Pod>(stream, onInvalid: null, CancellationToken.None))
        {
            store.Upsert(change.Object, changes);
            changes.Clear();
        }

        return store;
    }

    private static long Live()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static double PerRound(Action round)
    {
        for (var i = 0; i < 1000; i++)
        {
            round();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            round();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
    }

    private static void Round(WorkQueue<ObjectKey> queue)
    {
        queue.Add(new ObjectKey("default", "web"));
        queue.Add(new ObjectKey("default", "api"), QueuePriority.Low);
        queue.AddAfter(new ObjectKey("default", "later"), TimeSpan.Zero);
        while (queue.TryTake(out var key))
        {
            queue.Done(key);
        }
    }
}
