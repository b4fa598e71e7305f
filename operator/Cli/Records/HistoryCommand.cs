using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Views;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Records;

/// <summary><c>history</c>: the revisions of a ModelDeployment and what people did about them.</summary>
internal static class HistoryCommand
{
    public static Command Create(Calls calls)
    {
        var name = calls.Deployment();
        var output = new OutputOption(OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);
        var command = new Command("history", "Lists the revisions: bytes, lineage, what became of them, and who commanded what and why.") { name, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var deployment = line.GetRequiredValue(name);
            var revisions = await cluster.RevisionsAsync(deployment, cancellationToken);
            if (revisions.Count == 0)
            {
                // Its absence is worth another word than its emptiness.
                await cluster.DeploymentAsync(deployment, cancellationToken);
                screen.Remark($"{deployment} has no revisions yet.");
                return ExitCode.Ok;
            }

            var format = line.GetValue(output);
            switch (format)
            {
                case OutputFormat.Json or OutputFormat.Yaml:
                    var items = new JsonArray([.. revisions.Select(revision => JsonSerializer.SerializeToNode(revision, KubernetesJson.Options))]);
                    Documents.Write(screen, format, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items });
                    break;
                case OutputFormat.Name:
                    foreach (var revision in revisions)
                    {
                        screen.Write($"modelrevision.modeloperator.io/{revision.Metadata.Name}");
                    }

                    break;
                default:
                    Write(screen, revisions, format == OutputFormat.Wide);
                    break;
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(Screen screen, IReadOnlyList<V1Alpha1ModelRevision> revisions, bool isWide)
    {
        var table = new TextTable(
            new Column("REVISION"), new Column("VERSION", 3), new Column("OUTCOME"), new Column("AGE", 2), new Column("DIGEST", 5),
            new Column("RUN", 6), new Column("VERDICTS", 4), new Column("WHY", 1))
        { HidesEmpty = true };
        foreach (var revision in revisions)
        {
            var status = revision.Status;
            var digest = status?.Digest ?? revision.Spec.Model.Sha256;
            table.Add(
                revision.Metadata.Name,
                revision.Spec.Version,
                status?.Outcome,
                Age.Since(revision.Metadata.CreationTimestamp, screen.Now),
                isWide || digest is null || digest.Length < 12 ? digest : digest[..12],
                revision.Spec.Model.Lineage?.Run,
                AnalysisTable.Counts(status?.Verdicts ?? []),
                status?.Reason);
        }

        screen.Write(table);
        var commands = revisions.SelectMany(revision => (revision.Status?.Commands ?? []).Select(command => (Revision: revision.Metadata.Name, Command: command))).ToList();
        if (commands.Count == 0)
        {
            return;
        }

        screen.Write([]);
        var told = new TextTable(new Column("AT", 4), new Column("COMMAND"), new Column("REVISION"), new Column("STEP", 3), new Column("WHO", 1), new Column("REASON", 2)) { HidesEmpty = true };
        foreach (var (revision, command) in commands.OrderByDescending(record => record.Command.At))
        {
            told.Add(
                command.At?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                command.Command,
                revision,
                command.Step is { } step ? $"{step}" : "",
                command.By ?? "unknown",
                command.Reason);
        }

        screen.Write(told);
    }
}
