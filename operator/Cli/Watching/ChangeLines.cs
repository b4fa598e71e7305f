using System.Globalization;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Watching;

/// <summary>A line for each change, for pipes and logs.</summary>
internal sealed class ChangeLines(Screen screen) : IWatchDisplay
{
    public async Task<ExitCode> ShowAsync(
        DeploymentWatch watch, string name, Func<DeploymentView, ExitCode?> ends, Action<ExitCode, DeploymentView> told, CancellationToken cancellationToken)
    {
        var last = "";
        await foreach (var view in watch.FollowAsync(name, withPods: false, tick: null, cancellationToken))
        {
            if (view is null)
            {
                throw new CliException(ExitCode.NotFound, $"{name} was deleted");
            }

            var line = Line(view);
            if (line != last)
            {
                screen.Write($"{view.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}  {line}");
                await screen.Surroundings.Out.FlushAsync(cancellationToken);
                last = line;
            }

            if (ends(view) is { } code)
            {
                told(code, view);
                return code;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private static string Line(DeploymentView view)
    {
        var status = view.Status;
        var shares = string.Join(" ", new[] { status.Stable, status.Candidate }.Where(arm => arm?.Revision is not null).Select(arm => $"{arm!.Revision}:{arm.Weight ?? 0}%"));
        return string.Join("  ", new[] { view.IsObserved ? status.Phase : $"{status.Phase ?? "Unknown"} (of the spec before)", status.Step, shares, status.Message }.Where(part => !string.IsNullOrEmpty(part)));
    }
}
