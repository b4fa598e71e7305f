using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Benchmarks.DevCluster;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.CustomResources;

namespace ModelOperator.Benchmarks.Cli;

/// <summary>How long <c>kubectl model get</c> of 1,000 ModelDeployments takes, from the start of kubectl to its end.</summary>
internal sealed class GetBenchmark : IBenchmark
{
    private const int Deployments = 1_000;
    private const int Runs = 11;
    private const string Collection = "/apis/" + ApiGroup.ApiVersion + "/namespaces/default/modeldeployments";

    public string Name => "cli.get";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        await using var cluster = await DevClusterProcess.StartAsync(cancellationToken, "--no-node");
        await InstallAsync(cluster, cancellationToken);
        using var client = cluster.Connect();
        for (var i = 0; i < Deployments; i++)
        {
            var body = $$$"""{"apiVersion":"{{{ApiGroup.ApiVersion}}}","kind":"ModelDeployment","metadata":{"name":"m{{{i:0000}}}"},"spec":{"model":{"uri":"https://models.example.com/{{{i}}}"} } }""";
            await DevClusterProcess.SendAsync(client, HttpMethod.Post, Collection, body, "application/json", cancellationToken);
        }

        // The first run brings the program from the disk.
        var times = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            times.Add(await TimeAsync(cluster, ["model", "get"], Deployments + 1, cancellationToken));
        }

        var warm = times.Skip(1).Order().ToList();
        report.Add("cli.get.1000.median", warm[warm.Count / 2], "s", Target.AtMost(1));
        report.Add("cli.get.1000.worst", warm[^1], "s");
        report.Add("cli.get.1000.first", times[0], "s");
        report.Add("cli.get.1000.kubectl_get_beside_it", await TimeAsync(cluster, ["get", "modeldeployments"], Deployments + 1, cancellationToken), "s");
    }

    private static async Task InstallAsync(DevClusterProcess cluster, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("bench-crds").FullName;
        CustomResourceDefinitionWriter.WriteAll(typeof(ApiGroup).Assembly, directory);
        await TimeAsync(cluster, ["apply", "-f", directory], leastLines: 1, cancellationToken);
        await TimeAsync(cluster, ["wait", "--for=condition=Established", "crd", "--all"], leastLines: 1, cancellationToken);
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<double> TimeAsync(DevClusterProcess cluster, string[] arguments, int leastLines, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true };
        start.Environment["KUBECONFIG"] = cluster.Kubeconfig;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return process.ExitCode == 0 && output.Count(c => c == '\n') >= leastLines
            ? took
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode} and {output.Length} characters");
    }
}
