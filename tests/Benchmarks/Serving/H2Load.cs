using System.Globalization;
using System.Text.RegularExpressions;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>What h2load has measured: one client for HTTP/1.1 and HTTP/2, so that the two compare.</summary>
/// <param name="Requests">Answered in all.</param>
/// <param name="PerSecond">Answered in a second.</param>
internal sealed partial record H2Load(long Requests, double PerSecond)
{
    public const string Program = "h2load";

    /// <summary>Asks for a while, over connections with one request at a time each.</summary>
    /// <param name="address">Whom to ask.</param>
    /// <param name="http2">HTTP/2 without TLS, else HTTP/1.1.</param>
    /// <param name="body">The file that is sent.</param>
    /// <param name="headers">Of each request, as <c>name: value</c>.</param>
    /// <param name="connections">How many.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">There were answers other than 2xx, or none.</exception>
    public static async Task<H2Load> RunAsync(
        Uri address, bool http2, string body, IEnumerable<string> headers, int connections, int seconds, CancellationToken cancellationToken)
    {
        var output = await ChildProcess.RunAsync(
            Program,
            [
                http2 ? "--no-tls-proto=h2c" : "--h1", $"-t{Math.Min(2, connections)}", $"-c{connections}", "-m1", "-D", $"{seconds}", "-d", body,
                .. headers.SelectMany(header => (string[])["-H", header]), address.AbsoluteUri,
            ],
            cancellationToken);
        var (rate, status) = (Rate().Match(output), Status().Match(output));
        if (!rate.Success || !status.Success || status.Groups[2].Value != "0" || status.Groups[1].Value == "0")
        {
            throw new InvalidOperationException($"{address} did not answer as it should: {output}");
        }
        return new H2Load(
            long.Parse(status.Groups[1].ValueSpan, CultureInfo.InvariantCulture), double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("finished in [^,]*, ([0-9.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex("status codes: ([0-9]+) 2xx, 0 3xx, ([0-9]+) 4xx, 0 5xx")]
    private static partial Regex Status();
}
