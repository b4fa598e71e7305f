using System.Text.Json;
using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Reporting;

/// <summary>A run of the program.</summary>
internal static class Run
{
    private const int Conforms = 0;
    private const int DoesNotConform = 1;
    private const int CannotAsk = 2;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static async Task<int> ListAsync(IReadOnlyList<ConformanceCase> cases, TextWriter output)
    {
        foreach (var one in cases)
        {
            await output.WriteLineAsync($"{one.Id}: {one.Statement} [{one.Source}]");
        }
        return Conforms;
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> AskAsync(
        string? url, string? grpcAddress, string? model, IReadOnlyList<ConformanceCase> cases, OutputFormat format, TextWriter output, TextWriter errors,
        CancellationToken cancellationToken)
    {
        if (!TryAddress(url, out var server) || (grpcAddress is { Length: > 0 } && !TryAddress(grpcAddress, out _)))
        {
            await errors.WriteLineAsync("oip-conformance: an address is missing or wrong; say http://host:8000, and --grpc host:8001 if there is gRPC");
            return CannotAsk;
        }
        using var rest = new RestClient(server);
        using var grpc = TryAddress(grpcAddress, out var address) ? new GrpcClient(address) : null;
        var results = new List<CaseResult>();
        try
        {
            var subject = await Discovery.OfAsync(rest, grpc, model is { Length: > 0 } ? model : null, cancellationToken);
            await foreach (var result in ConformanceSuite.RunAsync(subject, cases, cancellationToken))
            {
                results.Add(result);
                if (format == OutputFormat.Text)
                {
                    await output.WriteLineAsync(Line(result));
                }
            }
        }
        catch (Exception failure) when (failure is NonConformanceException or HttpRequestException)
        {
            await errors.WriteLineAsync($"oip-conformance: {server} cannot be asked: {failure.Message}");
            return CannotAsk;
        }
        await output.WriteLineAsync(format == OutputFormat.Json ? Document(server, results) : Summary(results));
        return results.Exists(result => result.Verdict == Verdict.Failed) ? DoesNotConform : Conforms;
    }

    private static string Line(CaseResult result) => result.Verdict switch
    {
        Verdict.Passed => $"pass {result.Case.Id}: {result.Case.Statement}",
        Verdict.Failed => $"FAIL {result.Case.Id}: {result.Case.Statement} [{result.Case.Source}] But {result.Reason}",
        _ => $"n/a  {result.Case.Id}: {result.Case.Statement} Not asked: {result.Reason}",
    };

    private static string Summary(List<CaseResult> results) =>
        $"conformance: {Count(results, Verdict.Passed)} passed, {Count(results, Verdict.Failed)} failed, {Count(results, Verdict.NotApplicable)} not applicable";

    private static string Document(Uri server, List<CaseResult> results) => JsonSerializer.Serialize(
        new
        {
            Server = server.AbsoluteUri,
            Passed = Count(results, Verdict.Passed),
            Failed = Count(results, Verdict.Failed),
            NotApplicable = Count(results, Verdict.NotApplicable),
            Cases = results.Select(result => new
            {
                result.Case.Id,
                result.Case.Source,
                result.Case.Statement,
                Verdict = JsonNamingPolicy.CamelCase.ConvertName(result.Verdict.ToString()),
                result.Reason,
            }),
        },
        Indented);

    private static int Count(List<CaseResult> results, Verdict verdict) => results.Count(result => result.Verdict == verdict);

    private static bool TryAddress(string? text, out Uri address)
    {
        address = null!;
        return text is { Length: > 0 } && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out address!);
    }
}
