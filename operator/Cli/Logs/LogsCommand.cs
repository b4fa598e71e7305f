using System.CommandLine;
using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Views;
using ModelOperator.Cli.Watching;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Logs;

/// <summary><c>logs</c>: what the pods of the revisions write, each line with its pod.</summary>
internal static class LogsCommand
{
    private const int MostPods = 50;

    public static Command Create(Calls calls)
    {
        var name = calls.Deployment();
        var candidate = new Option<bool>("--candidate") { Description = "Only pods of the candidate." };
        var stable = new Option<bool>("--stable") { Description = "Only pods of the stable revision." };
        var revision = new Option<string?>("--revision") { Description = "Only pods of this ModelRevision.", HelpName = "name" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with what they write." };
        var tail = new Option<int>("--tail") { Description = "Last lines of each pod; default: 20, -1: all.", DefaultValueFactory = _ => 20, HelpName = "lines" };
        var since = new Option<string?>("--since") { Description = "Only lines of this time, for example 10m.", HelpName = "duration" };
        var container = new Option<string>("--container", "-c") { Description = "The container; default: model. fetch is the one that brings the model.", DefaultValueFactory = _ => ContainerNames.Model };
        var command = new Command("logs", "Prints what the pods of a ModelDeployment write, each line with its pod.") { name, candidate, stable, revision, follow, tail, since, container };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var view = await cluster.ViewAsync(line.GetRequiredValue(name), cancellationToken);
            var wanted = Wanted(line.GetValue(candidate), line.GetValue(stable), line.GetValue(revision), view);
            var pods = (wanted is null ? view.Pods : [.. view.PodsOf(wanted)]).OrderBy(pod => pod.Name(), StringComparer.Ordinal).ToList();
            if (pods.Count == 0)
            {
                throw new CliException(ExitCode.NotFound, $"{wanted ?? view.Deployment.Name()} has no pods");
            }

            if (pods.Count > MostPods)
            {
                screen.Remark($"{pods.Count} pods; the logs of the first {MostPods} follow.");
            }

            var range = new LogRange
            {
                Container = line.GetValue(container),
                Follow = line.GetValue(follow),
                Tail = line.GetValue(tail) is >= 0 and var lines ? lines : null,
                Since = Waiting.Read("--since", line.GetValue(since)),
            };
            return await PrintAsync(cluster, [.. pods.Take(MostPods)], range, screen, cancellationToken);
        });
        return command;
    }

    private static string? Wanted(bool candidate, bool stable, string? revision, DeploymentView view) => (candidate, stable, revision) switch
    {
        (false, false, null) => null,
        (true, false, null) => view.Candidate ?? throw new CliException(ExitCode.NotFound, $"{view.Deployment.Name()} has no candidate"),
        (false, true, null) => view.Stable ?? throw new CliException(ExitCode.NotFound, $"{view.Deployment.Name()} has no stable revision"),
        (false, false, { } name) => name,
        _ => throw new CliException(ExitCode.Usage, "--candidate, --stable and --revision exclude each other"),
    };

    private static async Task<ExitCode> PrintAsync(ModelCluster cluster, List<V1Pod> pods, LogRange range, Screen screen, CancellationToken cancellationToken)
    {
        var log = new PodLog(cluster.Paths);
        using var printing = new SemaphoreSlim(1);
        var results = await Task.WhenAll(pods.Select(async pod =>
        {
            try
            {
                await foreach (var text in log.LinesAsync(pod.Namespace()!, pod.Name(), range, cancellationToken))
                {
                    await printing.WaitAsync(cancellationToken);
                    screen.Write([new Cell($"{pod.Name()}: ", Tone.Muted), text]);
                    if (range.Follow)
                    {
                        await screen.Surroundings.Out.FlushAsync(cancellationToken);
                    }

                    printing.Release();
                }

                return true;
            }
            catch (KubernetesException refusal) when (!refusal.IsForbidden && !refusal.IsUnauthorized)
            {
                // One pod that has not started yet says nothing about the others.
                screen.Remark($"{pod.Name()}: {refusal.Message}");
                return false;
            }
        }));
        return results.Contains(true) ? ExitCode.Ok : ExitCode.Failed;
    }
}
