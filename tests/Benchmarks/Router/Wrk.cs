using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelOperator.Benchmarks.Router;

/// <summary>What wrk has measured.</summary>
/// <param name="Requests">Answered in all.</param>
/// <param name="PerSecond">Answered in a second.</param>
/// <param name="Median">Of the latency.</param>
/// <param name="P99">Of the latency.</param>
internal sealed partial record Wrk(long Requests, double PerSecond, TimeSpan Median, TimeSpan P99)
{
    /// <summary>Asks for a while, over keep-alive connections, with bodies of 1 KB.</summary>
    /// <param name="script">A file made by <see cref="WriteScript"/>.</param>
    /// <param name="address">Whom to ask.</param>
    /// <param name="connections">How many requests at a time.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">There were answers other than 2xx, or none.</exception>
    public static async Task<Wrk> RunAsync(string script, Uri address, int connections, int seconds, CancellationToken cancellationToken)
    {
        var output = await ChildProcess.RunAsync(
            "wrk",
            [$"-t{Math.Min(2, connections)}", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script, address.AbsoluteUri],
            cancellationToken);
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || !Counted().IsMatch(output))
        {
            throw new InvalidOperationException($"{address} did not answer as it should: {output}");
        }
        return new Wrk(
            long.Parse(Counted().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            double.Parse(Rate().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            Latency(output, "50%"),
            Latency(output, "99%"));
    }

    public static void WriteScript(string path) => File.WriteAllText(
        path,
        """
        wrk.method = "POST"
        wrk.body = string.rep("x", 1024)
        wrk.headers["Content-Type"] = "application/json"
        """);

    private static TimeSpan Latency(string output, string quantile)
    {
        var match = Regex.Match(output, $@"^\s*{quantile}\s+([0-9.]+)(us|ms|s)", RegexOptions.Multiline);
        var amount = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "us" => TimeSpan.FromMicroseconds(amount),
            "ms" => TimeSpan.FromMilliseconds(amount),
            _ => TimeSpan.FromSeconds(amount),
        };
    }

    [GeneratedRegex("([0-9]+) requests in")]
    private static partial Regex Counted();

    [GeneratedRegex("Requests/sec:\\s*([0-9.]+)")]
    private static partial Regex Rate();
}
