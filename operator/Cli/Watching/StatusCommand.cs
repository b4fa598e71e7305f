using System.CommandLine;
using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Watching;

/// <summary><c>status</c>: one ModelDeployment, now or as it goes on, and the gate of a pipeline.</summary>
internal static class StatusCommand
{
    private static readonly string[] Goals = [.. Enum.GetNames<Goal>().Select(name => name.ToLowerInvariant())];

    public static Command Create(Calls calls)
    {
        var name = calls.Deployment();
        var watch = new Option<bool>("--watch", "-w") { Description = "Goes on showing it: in place on a terminal, a line for each change in a pipe." };
        var until = new Option<Goal?>("--until")
        {
            Description = "Waits for it: available, paused, promoted or rolledback. Ends early, with an exit code of its own, when it cannot come any more.",
            HelpName = "goal",
            CustomParser = argument =>
            {
                var text = argument.Tokens is [var token] ? token.Value : "";
                if (Enum.TryParse<Goal>(text, ignoreCase: true, out var goal) && !char.IsDigit(text[0]))
                {
                    return goal;
                }

                argument.AddError($"--until {text} is not one of {string.Join(", ", Goals)}");
                return null;
            },
        };
        until.CompletionSources.Add(_ => Goals.Select(goal => new System.CommandLine.Completions.CompletionItem(goal)));
        var timeout = new Option<string?>("--timeout") { Description = "With --until or --watch, how long at most, for example 30m.", HelpName = "duration" };
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);
        var command = new Command("status", "Shows a ModelDeployment with its revisions and pods, and waits for what becomes of it.") { name, watch, until, timeout, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var deployment = line.GetRequiredValue(name);
            var (goal, format) = (line.GetValue(until), line.GetValue(output));
            if (goal is null && !line.GetValue(watch))
            {
                return await ShowAsync(cluster, deployment, format, screen, cancellationToken);
            }

            if (format != OutputFormat.Text)
            {
                throw new CliException(ExitCode.Usage, "-o goes with neither --watch nor --until");
            }

            var patience = Waiting.Read("--timeout", line.GetValue(timeout));
            // A mistake in the name, or a missing right, is told now, not after the wait.
            await cluster.DeploymentAsync(deployment, cancellationToken);
            return await Waiting.WithinAsync(
                patience,
                screen.Surroundings.Time,
                token => WatchAsync(new DeploymentWatch(cluster, screen.Surroundings.Time), deployment, goal, screen, token),
                () => $"{deployment} did not come to {goal?.ToString().ToLowerInvariant() ?? "an end"} within {Duration.Format(patience!.Value)}",
                cancellationToken);
        });
        return command;
    }

    private static async Task<ExitCode> ShowAsync(ModelCluster cluster, string name, OutputFormat format, Screen screen, CancellationToken cancellationToken)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
        {
            var document = await cluster.DocumentAsync(name, cancellationToken);
            Documents.Write(screen, format, document["status"] ?? new System.Text.Json.Nodes.JsonObject());
            return ExitCode.Ok;
        }

        if (format == OutputFormat.Name)
        {
            screen.Write($"{(await cluster.DeploymentAsync(name, cancellationToken)).Status.Phase}");
            return ExitCode.Ok;
        }

        var view = await cluster.ViewAsync(name, cancellationToken);
        foreach (var part in DeploymentPage.Lines(view, screen.Width))
        {
            screen.Write(part);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> WatchAsync(DeploymentWatch watch, string name, Goal? goal, Screen screen, CancellationToken cancellationToken)
    {
        IWatchDisplay display = screen.Terminal is { } terminal ? new LiveTree(terminal, screen) : new ChangeLines(screen);
        return await display.ShowAsync(watch, name, view => goal is { } wanted ? GoalCheck.Check(wanted, view) : null, (code, view) =>
        {
            if (code != ExitCode.Ok)
            {
                screen.Remark($"error: {name}: {GoalCheck.Say(goal!.Value, code, view)}");
            }
        }, cancellationToken);
    }
}
