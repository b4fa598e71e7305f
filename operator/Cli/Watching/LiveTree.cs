using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Views;
using Spectre.Console;

namespace ModelOperator.Cli.Watching;

/// <summary>The tree, refreshed in place on a terminal.</summary>
internal sealed class LiveTree(IAnsiConsole terminal, Screen screen) : IWatchDisplay
{
    // Ages go on while nothing else changes.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public async Task<ExitCode> ShowAsync(
        DeploymentWatch watch, string name, Func<DeploymentView, ExitCode?> ends, Action<ExitCode, DeploymentView> told, CancellationToken cancellationToken)
    {
        DeploymentView? last = null;
        var end = await terminal.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async context =>
        {
            await foreach (var view in watch.FollowAsync(name, withPods: true, Tick, cancellationToken))
            {
                last = view ?? throw new CliException(ExitCode.NotFound, $"{name} was deleted");
                context.UpdateTarget(new Rows(DeploymentPage.Lines(view, screen.Width).Select(Screen.Styled)));
                if (ends(view) is { } code)
                {
                    return code;
                }
            }

            throw new OperationCanceledException(cancellationToken);
        });
        told(end, last!);
        return end;
    }
}
