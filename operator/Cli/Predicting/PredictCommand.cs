using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Predicting;

/// <summary><c>predict</c>: one request to a model, as its callers send it.</summary>
internal static class PredictCommand
{
    private const int MostRequestBytes = 64 * 1024 * 1024;
    private const int MostAnswerBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create(Calls calls)
    {
        var name = calls.Deployment();
        var data = new Option<string>("--data", "-d") { Description = "The request of the Open Inference Protocol: JSON, @FILE, or @- for the standard input.", Required = true, HelpName = "json|@file" };
        var url = new Option<string?>("--url") { Description = "Where the router is reached from here, for example http://localhost:8000; default: status.url.", HelpName = "address" };
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("predict", "Sends a request to a model, and says which revision answered and how fast.") { name, data, url, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var body = await ReadAsync(line.GetRequiredValue(data), screen.Surroundings.In, cancellationToken);
            var deployment = await cluster.DeploymentAsync(line.GetRequiredValue(name), cancellationToken);
            var answer = await SendAsync(Address(deployment, cluster.Namespace, line.GetValue(url)), body, cancellationToken);
            Write(screen, line.GetValue(output), answer);
            return answer.Status is >= 200 and < 300 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string data, TextReader input, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = data switch
            {
                "@-" => await input.ReadToEndAsync(cancellationToken),
                ['@', .. var path] when new FileInfo(path) is { Exists: true, Length: > MostRequestBytes } => throw new CliException(ExitCode.Usage, $"{path} is larger than {MostRequestBytes} bytes"),
                ['@', .. var path] => await File.ReadAllTextAsync(path, cancellationToken),
                _ => data,
            };
            using var json = JsonDocument.Parse(text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, failure.Message);
        }
        catch (JsonException failure)
        {
            throw new CliException(ExitCode.Usage, $"--data is no JSON: {failure.Message}");
        }

        return text;
    }

    /// <summary>The address of the model's V2 inference, below the router that the status or the caller names.</summary>
    private static Uri Address(V1Alpha1ModelDeployment deployment, string namespaceName, string? given)
    {
        var name = deployment.Metadata.Name!;
        var root = given is null ? deployment.Status.Url : $"{given.TrimEnd('/')}/{namespaceName}/{name}";
        if (root is null)
        {
            throw new CliException(ExitCode.Refused, $"{name} has no address yet; is it served? kubectl model status {name}");
        }

        return Uri.TryCreate($"{root.TrimEnd('/')}/v2/models/{Uri.EscapeDataString(deployment.Spec.Model.Name ?? name)}/infer", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            ? address
            : throw new CliException(ExitCode.Usage, $"{given ?? root} is no http address");
    }

    private static async Task<PredictionAnswer> SendAsync(Uri address, string body, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = MostAnswerBytes };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var took = Stopwatch.GetElapsedTime(start);
            string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
            return new PredictionAnswer(
                (int)response.StatusCode,
                took.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture),
                Header(LineageHeaders.Revision),
                Header(LineageHeaders.Version),
                Header(LineageHeaders.Digest),
                Header(LineageHeaders.RequestId),
                await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(
                ExitCode.Failed,
                $"{address.GetLeftPart(UriPartial.Authority)} does not answer: {Failure.Innermost(failure)}. An address inside the cluster is not reached from outside: kubectl port-forward -n modeloperator-system service/modelrouter 8000:80, and --url http://localhost:8000");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.TimedOut, $"{address.GetLeftPart(UriPartial.Authority)} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static void Write(Screen screen, OutputFormat format, PredictionAnswer answer)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
        {
            Documents.Write(screen, format, answer.ToDocument());
            return;
        }

        // The answer alone goes into a pipe; what is known of it stands beside.
        screen.WriteRaw(answer.Body.TrimEnd('\n') + "\n");
        screen.Remark(string.Join("  ", new[]
        {
            $"HTTP {answer.Status}",
            $"{answer.Milliseconds} ms",
            answer.Revision,
            answer.Version is null ? null : $"version {answer.Version}",
            answer.Digest,
            answer.RequestId is null ? null : $"request {answer.RequestId}",
        }.OfType<string>()));
    }
}
