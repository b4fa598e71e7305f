using ModelOperator.Benchmarks.Cli;
using ModelOperator.Benchmarks.DevCluster;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Judge;
using ModelOperator.Benchmarks.Kubernetes;
using ModelOperator.Benchmarks.Router;
using ModelOperator.Benchmarks.Serving;

namespace ModelOperator.Benchmarks;

/// <summary>Every benchmark there is, in the order in which they run.</summary>
internal static class Catalog
{
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new DecodeBenchmark(),
        new QueueBenchmark(),
        new CacheBenchmark(),
        new LatencyBenchmark(),
        new IdleBenchmark(),
        new WriteBenchmark(),
        new WatchBenchmark(),
        new ProxyBenchmark(),
        new RouteScaleBenchmark(),
        new JudgementQuality(),
        new RestBenchmark(),
        new GrpcBenchmark(),
        new BatchingBenchmark(),
        new OverloadBenchmark(),
        new LoadBenchmark(),
        new GetBenchmark(),
    ];
}
