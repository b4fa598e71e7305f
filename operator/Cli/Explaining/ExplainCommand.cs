using System.CommandLine;
using System.Text.Json;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Explaining;

/// <summary><c>explain</c>: why a ModelDeployment is where it is, and what comes next.</summary>
internal static class ExplainCommand
{
    private const int MostEvents = 5;

    public static Command Create(Calls calls)
    {
        var name = calls.Deployment();
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("explain", "Says what a ModelDeployment waits for, what is wrong with its pods, and what happens next.") { name, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var deployment = line.GetRequiredValue(name);
            var view = await cluster.ViewAsync(deployment, cancellationToken);
            var explanation = Explanation.Of(view);
            if (line.GetValue(output) is var format and not OutputFormat.Text)
            {
                Documents.Write(screen, format, JsonSerializer.SerializeToNode(explanation, KubernetesJson.Options)!);
                return ExitCode.Ok;
            }

            Write(screen, explanation);
            var warnings = (await cluster.EventsAsync(deployment, cancellationToken)).Where(happened => happened.Type == "Warning").Take(MostEvents).ToList();
            Section(screen, "Warnings", warnings.Select(happened => Tell(happened, screen.Now)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Tell(Corev1Event happened, DateTimeOffset now) =>
        $"{Age.Since(happened.LastTimestamp ?? happened.Metadata.CreationTimestamp, now)} ago, {happened.Reason}: {happened.Message}";

    private static void Write(Screen screen, Explanation explanation)
    {
        screen.WriteSentence("", new Cell(explanation.Summary, Tone.Strong));
        Section(screen, "It waits for", explanation.WaitsFor);
        Section(screen, "Pods", explanation.Pods);
        Section(screen, "Next", explanation.Next);
        Section(screen, "You can", explanation.Choices.Select(choice => $"{choice.Command}   {choice.Effect}"));
    }

    private static void Section(Screen screen, string title, IEnumerable<string> sentences)
    {
        var heading = title;
        foreach (var sentence in sentences)
        {
            if (heading.Length > 0)
            {
                screen.Write([]);
                screen.Write([new Cell($"{heading}:", Tone.Muted)]);
                heading = "";
            }

            screen.WriteSentence("  ", sentence);
        }
    }
}
