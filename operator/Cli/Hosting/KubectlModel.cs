using System.CommandLine;
using System.CommandLine.Help;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Explaining;
using ModelOperator.Cli.Logs;
using ModelOperator.Cli.Planning;
using ModelOperator.Cli.Predicting;
using ModelOperator.Cli.Reading;
using ModelOperator.Cli.Records;
using ModelOperator.Cli.Shell;
using ModelOperator.Cli.Simulation;
using ModelOperator.Cli.Steering;
using ModelOperator.Cli.Watching;

namespace ModelOperator.Cli.Hosting;

/// <summary>The program: a command line in, an exit code out.</summary>
internal static class KubectlModel
{
    /// <summary>The program's name, by which kubectl finds it and the cluster knows its writes.</summary>
    public const string Name = "kubectl-model";

    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var root = Root(surroundings);
        if (arguments is [CompletionCommand.Ask, .. var words])
        {
            CompletionCommand.Complete(root, words, surroundings.Out);
            await surroundings.Out.FlushAsync(cancellationToken);
            return (int)ExitCode.Ok;
        }

        // An argument such as @request.json is for the command, which reads it as its data.
        var line = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (line.Errors.Count > 0)
            {
                throw Misunderstood(line);
            }

            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = surroundings.Out, Error = surroundings.Error };
            return await line.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception failure)
        {
            var (code, message) = Failure.Explain(failure);
            await surroundings.Out.FlushAsync(CancellationToken.None);
            if (message is not null)
            {
                await surroundings.Error.WriteLineAsync($"error: {Output.PlainText.Of(message)}");
            }

            return (int)code;
        }
        finally
        {
            await surroundings.Out.FlushAsync(CancellationToken.None);
        }
    }

    private static CliException Misunderstood(ParseResult line)
    {
        var said = (line.UnmatchedTokens, line.CommandResult.Command.Subcommands) switch
        {
            ([var word, ..], { Count: > 0 } known) => $"there is no command {word}{(Spelling.Nearest(word, known.Select(command => command.Name)) is { } nearest ? $"; did you mean {nearest}?" : "")}",
            _ => line.Errors[0].Message.TrimEnd('.'),
        };
        var command = line.CommandResult.Command.Name == Name ? "" : line.CommandResult.Command.Name + " ";
        return new CliException(ExitCode.Usage, $"{said.TrimEnd('.')}. See: kubectl model {command}--help");
    }

    private static Command Root(Surroundings surroundings)
    {
        var options = new GlobalOptions();
        var calls = new Calls(options, surroundings);
        var root = new Command(Name, "What is serving, why it is not moving, and how to stop it.")
        {
            new HelpOption(),
            GetCommand.Create(calls),
            StatusCommand.Create(calls),
            ExplainCommand.Create(calls),
            HistoryCommand.Create(calls),
            DiffCommand.Create(calls),
            LineageCommand.Create(calls),
            LogsCommand.Create(calls),
            PlanCommand.Create(calls),
            PredictCommand.Create(calls),
            SimulateCommand.Create(calls),
            CompletionCommand.Create(calls),
            VersionCommand.Create(calls),
        };
        foreach (var command in SteeringCommand.CreateAll(calls))
        {
            root.Add(command);
        }

        options.AddTo(root);
        return root;
    }
}
