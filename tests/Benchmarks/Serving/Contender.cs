using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>A server and what it is sent.</summary>
/// <param name="Name">As figures call it.</param>
/// <param name="Process">The server.</param>
/// <param name="Address">Where it is asked.</param>
/// <param name="Script">What it is asked, for wrk.</param>
internal sealed record Contender(string Name, ChildProcess Process, Uri Address, string Script)
{
    public async Task<Round> RunAsync(int connections, int seconds, CancellationToken cancellationToken)
    {
        var before = Process.ProcessorTime;
        var run = await Wrk.RunAsync(Script, Address, connections, seconds, cancellationToken);
        return new Round(run.PerSecond, run.Median.TotalMicroseconds, run.P99.TotalMicroseconds, (Process.ProcessorTime - before).TotalMicroseconds / run.Requests);
    }

    /// <param name="PerSecond">Requests answered in a second.</param>
    /// <param name="Median">Of the latency, in microseconds.</param>
    /// <param name="P99">Of the latency, in microseconds.</param>
    /// <param name="Processor">The server's processor time for a request, in microseconds.</param>
    public sealed record Round(double PerSecond, double Median, double P99, double Processor);
}
