using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Hosting;

/// <summary>Gives commands what they work with.</summary>
internal sealed class Calls(GlobalOptions options, Surroundings surroundings)
{
    private static readonly TimeSpan PatienceOfShell = TimeSpan.FromSeconds(3);

    public Surroundings Surroundings { get; } = surroundings;

    /// <summary>Lets a command do something with the cluster.</summary>
    public void Handle(Command command, Func<ParseResult, ModelCluster, Screen, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(async (line, cancellationToken) =>
        {
            await using var cluster = new ModelCluster(options.Read(line).Configure(), Surroundings.Time);
            try
            {
                return (int)await action(line, cluster, new Screen(Surroundings), cancellationToken);
            }
            catch (Kubernetes.Client.KubernetesException refusal) when (refusal.IsNotFound)
            {
                throw await cluster.ExplainMissingAsync(refusal, cancellationToken);
            }
            catch (HttpRequestException failure)
            {
                throw new CliException(ExitCode.NoCluster, $"the cluster at {cluster.Server} does not answer: {Failure.Innermost(failure)}");
            }
        });

    /// <summary>Lets a command do something that needs no cluster.</summary>
    public void HandleOffline(Command command, Func<ParseResult, Screen, CancellationToken, Task<ExitCode>> action) =>
        command.SetAction(async (line, cancellationToken) => (int)await action(line, new Screen(Surroundings), cancellationToken));

    /// <summary>The argument that names a ModelDeployment.</summary>
    public Argument<string> Deployment()
    {
        var name = new Argument<string>("name") { Description = "The ModelDeployment.", HelpName = "name" };
        name.CompletionSources.Add(DeploymentNames);
        name.Validators.Add(RefuseOptions);
        return name;
    }

    /// <summary>Refuses what looks like an option and is none, which would be taken for a name.</summary>
    public static void RefuseOptions(ArgumentResult argument)
    {
        if (argument.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
        {
            argument.AddError($"there is no option {option.Value}");
        }
    }

    /// <summary>The names of ModelDeployments, for a shell; none where the cluster does not say them at once.</summary>
    public IEnumerable<CompletionItem> DeploymentNames(CompletionContext context)
    {
        using var patience = new CancellationTokenSource(PatienceOfShell, Surroundings.Time);
        try
        {
            return Task.Run(() => NamesAsync(context.ParseResult, patience.Token)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is Kubernetes.Client.KubernetesException or Kubernetes.Client.KubernetesConfigurationException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // A shell that completes has no place for complaints; the command itself will make them.
            return [];
        }
    }

    private async Task<IEnumerable<CompletionItem>> NamesAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var cluster = new ModelCluster(options.Read(line).Configure(), Surroundings.Time);
        var table = await cluster.TableAsync(cluster.Namespace, labelSelector: null, cancellationToken);
        return [.. table.Rows.Select(row => new CompletionItem(row.Cells[0]))];
    }
}
