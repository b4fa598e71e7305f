using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Controller.Hosting;

/// <summary>Runs the informers and the controller for as long as the process lives; if either fails, the process ends.</summary>
internal sealed class OperatorService(SharedInformers informers, ControllerRunner<V1Alpha1ModelDeployment> runner) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] tasks = [informers.RunAsync(both.Token), runner.RunAsync(both.Token)];
        try
        {
            await await Task.WhenAny(tasks);
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
