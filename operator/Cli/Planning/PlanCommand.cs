using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Files;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Planning;

/// <summary><c>plan</c>: what applying a file would do.</summary>
internal static class PlanCommand
{
    public static Command Create(Calls calls)
    {
        var file = new Option<string>("--filename", "-f") { Description = "A manifest with ModelDeployments; - is the standard input.", Required = true, HelpName = "file" };
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("plan", "Says what applying a file would do: a new revision or not, steps with their times, pods and devices.") { file, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var documents = await YamlText.ReadFileAsync(line.GetRequiredValue(file), screen.Surroundings.In, cancellationToken);
            var deployments = documents.Where(document => document.Kind == "ModelDeployment").ToList();
            if (deployments.Count == 0)
            {
                throw new CliException(ExitCode.Usage, $"{documents.Select(document => document.File).FirstOrDefault(line.GetRequiredValue(file))} has no ModelDeployment");
            }

            var forecasts = new List<RolloutForecast>();
            foreach (var document in deployments)
            {
                forecasts.Add(await ForecastAsync(document, cluster, screen.Now, cancellationToken));
            }

            if (line.GetValue(output) is var format and not OutputFormat.Text)
            {
                Documents.Write(screen, format, new JsonArray([.. forecasts.Select(forecast => JsonSerializer.SerializeToNode(forecast, KubernetesJson.Options))]));
                return ExitCode.Ok;
            }

            forecasts.ForEach(forecast => Write(screen, forecast));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<RolloutForecast> ForecastAsync(YamlObject document, ModelCluster cluster, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = Decode(document);
        if (SpecValidator.Validate(wanted) is { } problem)
        {
            throw new CliException(ExitCode.Usage, $"{document.PlaceOf(problem.Field)}: {problem}");
        }

        var home = wanted.Metadata.NamespaceProperty is { Length: > 0 } named ? cluster.In(named) : cluster;
        var present = await home.FindAsync(wanted.Metadata.Name!, cancellationToken);
        var revisions = present is null ? [] : await home.RevisionsAsync(wanted.Metadata.Name!, cancellationToken);
        return RolloutForecast.Of(wanted, present, revisions, now);
    }

    private static V1Alpha1ModelDeployment Decode(YamlObject document)
    {
        if (document.Name is null)
        {
            throw new CliException(ExitCode.Usage, $"{document.PlaceOf("metadata")}: metadata.name is missing");
        }

        try
        {
            return KubernetesJson.Deserialize<V1Alpha1ModelDeployment>(document.Content!.ToJsonString());
        }
        catch (JsonException failure)
        {
            var path = (failure.Path ?? "").TrimStart('$').TrimStart('.');
            throw new CliException(ExitCode.Usage, $"{document.PlaceOf(path)}: {path} does not have the type that it must have");
        }
    }

    private static void Write(Screen screen, RolloutForecast forecast)
    {
        screen.WriteSentence($"{forecast.Name}: ", forecast.Summary);
        if (forecast.Steps.Count == 0)
        {
            return;
        }

        screen.Write([]);
        var table = new TextTable(new Column("STEP"), new Column("EARLIEST", 2), new Column("PODS", 1), new Column("CANDIDATE GETS"));
        for (var i = 0; i < forecast.Steps.Count; i++)
        {
            var step = forecast.Steps[i];
            table.Add(
                $"{i + 1}",
                step.Begins?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "after approval",
                $"{step.Pods}",
                step.What);
        }

        screen.Write(table);
        screen.Write([]);
        screen.WriteSentence("At most ", $"{forecast.Pods} pods at a time{(forecast.Devices is { } devices ? $", which hold {devices}" : "")}. Starting pods, and a judgement without enough requests, take longer.");
    }
}
