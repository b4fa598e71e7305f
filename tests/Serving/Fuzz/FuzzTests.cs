using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>
/// Requests that are spoilt in every way that comes to mind, over REST and gRPC: none may crash the server, hang it, leave
/// something behind in it, or be answered as the server's fault. FUZZ_REQUESTS and FUZZ_SEED make it longer, or another one.
/// </summary>
[NonParallelizable]
internal sealed class FuzzTests
{
    private const int MaxRequestBytes = 128 * 1024;
    private const int Workers = 4;
    private const long MaxHeapGrowth = 16 << 20;
    private const long MaxMemoryGrowth = 64 << 20;

    // Kestrel's own answer to a version of HTTP that there is not.
    private static readonly int[] Statuses = [200, 400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 431, 505];

    // OK, cancelled, invalid argument, deadline exceeded, not found, permission denied, resource exhausted, unimplemented.
    private static readonly int[] Calls = [0, 1, 3, 4, 5, 7, 8, 12];

    private readonly ConcurrentDictionary<string, int> _counts = new();

    [Test]
    public async Task No_request_brings_the_server_down_hangs_it_leaks_or_is_its_fault()
    {
        var requests = int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? "6000");
        var seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "1");
        await using var server = await RunningServer.StartAsync(FuzzModel.Create(), settings => settings with { MaxRequestBytes = MaxRequestBytes });

        // Pools and the runtime's own memory grow at first: what is held against each other is the middle and the end.
        await RunAsync(server, seed, 0, requests / 2);
        var before = await MeasureAsync(int.MaxValue);
        await RunAsync(server, seed, requests / 2, requests);
        var after = await MeasureAsync(before.Files.Count);

        await TestContext.Out.WriteLineAsync($"seed {seed}: {requests} requests, {string.Join(", ", _counts.OrderBy(count => count.Key).Select(count => $"{count.Key}: {count.Value}"))}");
        await TestContext.Out.WriteLineAsync(
            $"in the second half: heap {after.Heap - before.Heap:+#;-#;0} B, memory {after.Memory - before.Memory:+#;-#;0} B, open files {after.Files.Count - before.Files.Count:+#;-#;0}");
        Assert.Multiple(() =>
        {
            Assert.That(after.Heap - before.Heap, Is.LessThan(MaxHeapGrowth), "managed memory that was not let go");
            Assert.That(after.Memory - before.Memory, Is.LessThan(MaxMemoryGrowth), "memory of the process that was not let go");
            Assert.That(after.Files, Has.Count.LessThanOrEqualTo(before.Files.Count), $"sockets that were not closed: {string.Join(' ', after.Files.Except(before.Files))}");
        });
    }

    // Every request has a seed of its own, so that one can be made again without those before it.
    private Task RunAsync(RunningServer server, int seed, int from, int to)
    {
        var next = from - 1;
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            await using var rest = new RestConnection(server.Http.BaseAddress!);
            await using var grpc = new GrpcConnection(server.Grpc);
            while (Interlocked.Increment(ref next) is var index && index < to)
            {
                var random = new Random(HashCode(seed, index));
                try
                {
                    await (index % 2 == 0 ? RestAsync(rest, random) : GrpcAsync(grpc, random));
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"request {index} of seed {seed}: {failure.Message}", failure);
                }
            }
        }));
    }

    private async Task RestAsync(RestConnection connection, Random random)
    {
        var request = RestFuzzer.Create(random);
        var reply = await connection.SendAsync(request);
        _counts.AddOrUpdate(reply.Status == 0 ? "REST closed" : $"REST {reply.Status}", 1, (_, count) => count + 1);

        Check((request.Framed ? Statuses : [0, 100, .. Statuses]).Contains(reply.Status), reply, Text(request.Bytes));
        if (request.Expected is { } expected)
        {
            Check(reply.Status == 200 && reply.Body.AsSpan(reply.Json!.Value).SequenceEqual(expected), reply, Text(request.Bytes));
        }
        if (reply.Body.Length > 0)
        {
            using var json = JsonDocument.Parse(reply.Body.AsMemory(0, reply.Json ?? reply.Body.Length));
            Check(reply.Status == 200 || json.RootElement.TryGetProperty("error", out _), reply, Text(request.Bytes));
        }
    }

    private async Task GrpcAsync(GrpcConnection connection, Random random)
    {
        var call = GrpcFuzzer.Create(random);
        var reply = await connection.SendAsync(call);
        _counts.AddOrUpdate(reply.Call >= 0 ? $"gRPC {reply.Call}" : reply.Status > 0 ? $"gRPC HTTP {reply.Status}" : "gRPC closed", 1, (_, count) => count + 1);

        var sent = string.Join(", ", call.Headers) + " " + Convert.ToHexString(call.SpoiltFrames ?? call.Body);
        Check((reply.Call == -1 || Calls.Contains(reply.Call)) && (reply.Status == 0 || Statuses.Contains(reply.Status)), reply, sent);
        if (call.Expected is { } expected)
        {
            Check(reply is { Status: 200, Call: 0 }, reply, sent);
            var raw = ModelInferResponse.Parser.ParseFrom(reply.Body).RawOutputContents;
            Check(raw.Zip(expected).All(pair => pair.First.Span.SequenceEqual(pair.Second)) && raw.Count == expected.Length, reply, sent);
        }
    }

    private static void Check(bool right, FuzzReply reply, string sent)
    {
        if (!right)
        {
            throw new InvalidOperationException($"answered {reply.Status}, call {reply.Call}: {Text(reply.Body)}; sent {sent[..Math.Min(sent.Length, 4000)]}");
        }
    }

    private static async Task<(long Heap, long Memory, List<string> Files)> MeasureAsync(int files)
    {
        // Connections that were dropped are noticed by the server a moment later.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (OpenFiles().Count > files && !patience.IsCancellationRequested)
        {
            await Task.Yield();
        }
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: false), process.WorkingSet64, OpenFiles());
    }

    private static List<string> OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(file => $"{Path.GetFileName(file)}:{Target(file)}")];

    private static string? Target(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return null;
        }
    }

    private static int HashCode(int seed, int index) => unchecked((seed * 1_000_003) ^ (index * 7919));

    private static string Text(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 2000));
}
