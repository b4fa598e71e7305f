using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Records;

/// <summary><c>diff</c>: in which fields two revisions differ.</summary>
internal static class DiffCommand
{
    public static Command Create(Calls calls)
    {
        var from = new Argument<string>("from") { Description = "A ModelRevision, for example digits-r1." };
        var to = new Argument<string>("to") { Description = "Another one." };
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("diff", "Shows in which fields two revisions differ.") { from, to, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var old = await cluster.RevisionAsync(line.GetRequiredValue(from), cancellationToken);
            var young = await cluster.RevisionAsync(line.GetRequiredValue(to), cancellationToken);
            var changes = FieldChange.Between(Content(old), Content(young));
            if (line.GetValue(output) is var format and not OutputFormat.Text)
            {
                Documents.Write(screen, format, JsonSerializer.SerializeToNode(changes, KubernetesJson.Options)!);
                return ExitCode.Ok;
            }

            if (changes.Count == 0)
            {
                screen.Remark($"{line.GetRequiredValue(from)} and {line.GetRequiredValue(to)} serve the same.");
            }

            foreach (var change in changes)
            {
                screen.Write(change.Field, Tone.Strong);
                Side(screen, "-", change.From, Tone.Bad);
                Side(screen, "+", change.To, Tone.Good);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Side(Screen screen, string sign, string? value, Tone tone)
    {
        if (value is not null)
        {
            screen.Write($"  {sign} {value}", tone);
        }
    }

    // The number and the hash differ always and say nothing.
    private static JsonObject Content(Api.ModelRevisions.V1Alpha1ModelRevision revision)
    {
        var spec = JsonSerializer.SerializeToNode(revision.Spec, KubernetesJson.Options)!.AsObject();
        spec.Remove("number");
        spec.Remove("contentHash");
        if (revision.Status?.Digest is { } digest)
        {
            spec["digest"] = digest;
        }

        return spec;
    }
}
