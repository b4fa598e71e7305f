using System.CommandLine;
using System.Text.Json.Nodes;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Reading;

/// <summary><c>get</c>: ModelDeployments, a line each.</summary>
internal static class GetCommand
{
    private const string Kind = "modeldeployment.modeloperator.io";

    public static Command Create(Calls calls)
    {
        var names = new Argument<string[]>("name") { Description = "ModelDeployments; none: all of the namespace.", Arity = ArgumentArity.ZeroOrMore, HelpName = "name" };
        names.CompletionSources.Add(calls.DeploymentNames);
        names.Validators.Add(Calls.RefuseOptions);
        var everywhere = new Option<bool>("--all-namespaces", "-A") { Description = "Of all namespaces." };
        var selector = new Option<string?>("--selector", "-l") { Description = "Only those with these labels, for example team=vision." };
        var output = new OutputOption(OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);
        var command = new Command("get", "Lists ModelDeployments: phase, step, weight, versions.") { names, everywhere, selector, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var wanted = line.GetValue(names) ?? [];
            var all = line.GetValue(everywhere);
            if (wanted.Length > 0 && (all || line.GetValue(selector) is not null))
            {
                throw new CliException(ExitCode.Usage, "names go with neither --all-namespaces nor --selector");
            }

            var format = line.GetValue(output);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
            {
                Documents.Write(screen, format, await DocumentAsync(cluster, wanted, all, line.GetValue(selector), cancellationToken));
                return ExitCode.Ok;
            }

            var table = await cluster.TableAsync(all ? null : cluster.Namespace, line.GetValue(selector), cancellationToken);
            var rows = wanted.Length == 0 ? table.Rows : [.. wanted.Select(name => Find(name, table, cluster))];
            if (rows.Count == 0)
            {
                screen.Remark(all ? "There are no ModelDeployments." : $"There are no ModelDeployments in namespace {cluster.Namespace}.");
                return ExitCode.Ok;
            }

            Write(screen, table.Columns, rows, format, all);
            return ExitCode.Ok;
        });
        return command;
    }

    private static ServerRow Find(string name, ServerTable table, ModelCluster cluster) =>
        table.Rows.FirstOrDefault(row => row.Cells[0] == name) ?? throw cluster.NotFound("ModelDeployment", name, table.Rows.Select(row => row.Cells[0]));

    private static void Write(Screen screen, IReadOnlyList<ServerColumn> columns, IReadOnlyList<ServerRow> rows, OutputFormat format, bool withNamespace)
    {
        if (format == OutputFormat.Name)
        {
            foreach (var row in rows)
            {
                screen.Write($"{Kind}/{row.Cells[0]}");
            }

            return;
        }

        var shown = Enumerable.Range(0, columns.Count).Where(i => format == OutputFormat.Wide || !columns[i].IsWide).ToList();
        var headings = shown.Select((column, place) => new Column(columns[column].Name.ToUpperInvariant(), Rank(columns[column].Name, place)));
        var table = new TextTable([.. withNamespace ? [new Column("NAMESPACE")] : Array.Empty<Column>(), .. headings]);
        foreach (var row in rows)
        {
            table.Add([
                .. withNamespace ? [new Cell(row.Namespace)] : Array.Empty<Cell>(),
                .. shown.Select(i => new Cell(row.Cells[i], columns[i].Name == "Phase" ? Marks.ToneOf(row.Cells[i]) : Tone.Plain))]);
        }

        screen.Write(table);
    }

    // On a narrow terminal the name and the phase stay.
    private static int Rank(string column, int place) => column is "Name" or "Phase" ? 0 : place;

    private static async Task<JsonNode> DocumentAsync(ModelCluster cluster, string[] wanted, bool all, string? selector, CancellationToken cancellationToken)
    {
        if (wanted is [var only])
        {
            return await cluster.DocumentAsync(only, cancellationToken);
        }

        if (wanted.Length == 0)
        {
            return await cluster.DocumentsAsync(all ? null : cluster.Namespace, selector, cancellationToken);
        }

        var items = new JsonArray();
        foreach (var name in wanted)
        {
            items.Add(await cluster.DocumentAsync(name, cancellationToken));
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = items };
    }
}
