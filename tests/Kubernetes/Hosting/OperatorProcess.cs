using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Hosting;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Hosting;

/// <summary>An operator with one controller, of Deployments, and a server beside it, in a host of its own.</summary>
internal sealed class OperatorProcess : IEntityController<V1Deployment>, IHostedService, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly FakeMeters _meters = new();

    public OperatorProcess(FakeCluster cluster, TimeProvider clock, Action<OperatorSettingsBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMeterFactory>(_meters);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<IKubernetesClient>(cluster);
        builder.Services.AddSingleton(this);
        builder.Services.AddKubernetesOperator(configure ?? (settings => settings.WithName("operator").WithLeaderElection("system")))
            .AddController<OperatorProcess, V1Deployment>();
        builder.Services.AddHostedService(_ => this);
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

    public Informers.SharedInformers Informers => _host.Services.GetRequiredService<Informers.SharedInformers>();

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Completes when the process has ended by itself.</summary>
    public Task WaitForEndAsync() => _host.WaitForShutdownAsync();

    public async Task<ReconciliationResult<V1Deployment>> ReconcileAsync(V1Deployment entity, CancellationToken cancellationToken)
    {
        Log.Enqueue($"reconcile {entity.Name()}");
        if (OnReconcile is not null)
        {
            await OnReconcile(cancellationToken);
            Log.Enqueue($"reconciled {entity.Name()}");
        }

        return ReconciliationResult<V1Deployment>.Success(entity);
    }

    public Task<ReconciliationResult<V1Deployment>> DeletedAsync(V1Deployment entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));

    Task IHostedService.StartAsync(CancellationToken cancellationToken)
    {
        OnServer?.Invoke("start");
        Log.Enqueue("server starts");
        return Task.CompletedTask;
    }

    Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        OnServer?.Invoke("stop");
        Log.Enqueue("server stops");
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _meters.Dispose();
    }
}
