using System.Globalization;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>The real inference server with one model.</summary>
internal sealed class ModelServerProcess : IDisposable
{
    private readonly int _metrics = LocalServers.FreePort();

    private ModelServerProcess(string name, string path, (string, string)[] settings)
    {
        Name = name;
        Process = ChildProcess.Start(
            ChildProcess.Built("ModelOperator.Serving", "modelserver"),
            ["serve"],
            [
                ("MODEL_NAME", name), ("MODEL_PATH", path), ("POD_IP", "127.0.0.1"), ("HTTP_PORT", $"{HttpPort}"), ("GRPC_PORT", $"{GrpcPort}"),
                ("METRICS_PORT", $"{_metrics}"), ("HEALTH_PORT", "0"), ("LOG_LEVEL", "warn"), .. settings,
            ]);
    }

    public string Name { get; }

    public ChildProcess Process { get; }

    public int HttpPort { get; } = LocalServers.FreePort();

    public int GrpcPort { get; } = LocalServers.FreePort();

    public Uri Infer => new($"http://127.0.0.1:{HttpPort}/v2/models/{Name}/infer");

    /// <summary>The settings for how many requests run together and how long one waits for others; 1: each alone.</summary>
    public static (string Name, string Value)[] Batching(int size) =>
        size == 1 ? [("MAX_BATCH_SIZE", "1")] : [("MAX_BATCH_SIZE", $"{size}"), ("MAX_BATCH_DELAY_MICROSECONDS", "2000")];

    public static async Task<ModelServerProcess> StartAsync(
        string name, string path, CancellationToken cancellationToken, params (string, string)[] settings)
    {
        var server = new ModelServerProcess(name, path, settings);
        try
        {
            await LocalServers.AnswersAsync(
                () => new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.HttpPort}/v2/health/ready"), cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A figure of the server's own, summed over its series.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"http://127.0.0.1:{_metrics}/metrics", cancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public void Dispose() => Process.Dispose();
}
