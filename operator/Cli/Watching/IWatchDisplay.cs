using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Watching;

/// <summary>Shows how a ModelDeployment goes on.</summary>
internal interface IWatchDisplay
{
    /// <summary>Shows changes until one of them ends it.</summary>
    /// <param name="watch">Where changes come from.</param>
    /// <param name="name">The ModelDeployment.</param>
    /// <param name="ends">The exit code that a view ends it with; null: it goes on.</param>
    /// <param name="told">Is called at the end, after the display.</param>
    /// <param name="cancellationToken">Ends it, without a code.</param>
    Task<ExitCode> ShowAsync(DeploymentWatch watch, string name, Func<DeploymentView, ExitCode?> ends, Action<ExitCode, DeploymentView> told, CancellationToken cancellationToken);
}
