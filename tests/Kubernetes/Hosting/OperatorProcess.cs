using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Hosting;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Hosting;

/// <summary>An operator with one controller, of Deployments, and a server beside it, in a host of its own.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly FakeMeters _meters = new();
    private bool _isStopped;

    public OperatorProcess(FakeCluster cluster, TimeProvider clock, Action<OperatorSettingsBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMeterFactory>(_meters);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<IKubernetesClient>(cluster);
        builder.Services.AddSingleton(new Controller(this));
        builder.Services.AddKubernetesOperator(configure ?? (settings => settings.WithName("operator").WithLeaderElection("system")))
            .AddController<Controller, V1Deployment>();
        builder.Services.AddHostedService(_ => new Server(this));
        _host = builder.Build();
    }

    /// <summary>What happened, in order.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>What a reconciliation does; null: nothing.</summary>
    public Func<CancellationToken, Task>? OnReconcile { get; set; }

    /// <summary>Called when the server starts and stops.</summary>
    public Action<string>? OnServer { get; set; }

    public int ExitCode => _host.Services.GetRequiredService<OperatorExit>().Code;

    public LeaderElector Elector => _host.Services.GetRequiredService<LeaderElector>();

    public SharedInformers Informers => _host.Services.GetRequiredService<SharedInformers>();

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync()
    {
        _isStopped = true;
        return _host.StopAsync();
    }

    /// <summary>Completes when the process has ended by itself.</summary>
    public Task WaitForEndAsync()
    {
        _isStopped = true;
        return _host.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await StopAsync();
        }

        _host.Dispose();
        _meters.Dispose();
    }

    private sealed class Controller(OperatorProcess process) : IEntityController<V1Deployment>
    {
        public async Task<ReconciliationResult<V1Deployment>> ReconcileAsync(V1Deployment entity, CancellationToken cancellationToken)
        {
            process.Log.Enqueue($"reconcile {entity.Name()}");
            if (process.OnReconcile is { } work)
            {
                await work(cancellationToken);
                process.Log.Enqueue($"reconciled {entity.Name()}");
            }

            return ReconciliationResult<V1Deployment>.Success(entity);
        }

        public Task<ReconciliationResult<V1Deployment>> DeletedAsync(V1Deployment entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));
    }

    private sealed class Server(OperatorProcess process) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            process.OnServer?.Invoke("start");
            process.Log.Enqueue("server starts");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            process.OnServer?.Invoke("stop");
            process.Log.Enqueue("server stops");
            return Task.CompletedTask;
        }
    }
}
