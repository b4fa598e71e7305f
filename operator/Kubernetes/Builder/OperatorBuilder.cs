using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Finalizers;
using ModelOperator.Kubernetes.Hosting;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Builder;

/// <inheritdoc cref="IOperatorBuilder"/>
internal sealed class OperatorBuilder(IServiceCollection services, OperatorSettings settings) : IOperatorBuilder
{
    public IServiceCollection Services => services;

    public OperatorSettings Settings => settings;

    public IOperatorBuilder AddController<TImplementation, TEntity>(Action<IServiceProvider, ControllerRunner<TEntity>>? watches = null)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        services.TryAddSingleton<TImplementation>();
        services.AddSingleton(new ControllerRegistration(typeof(TEntity), typeof(TImplementation)));
        services.AddSingleton(provider =>
        {
            var runner = new ControllerRunner<TEntity>(
                WithFinalizers(provider, provider.GetRequiredService<TImplementation>()),
                provider.GetRequiredService<SharedInformers>(),
                new ControllerOptions
                {
                    Workers = settings.MaxParallelReconciliations,
                    SyncTimeout = settings.CacheSyncTimeout,
                    Metrics = provider.GetRequiredService<ControllerMetrics>(),
                },
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ControllerRunner<TEntity>>>());
            watches?.Invoke(provider, runner);
            return runner;
        });
        services.AddSingleton(provider => new RunnableController(provider.GetRequiredService<ControllerRunner<TEntity>>().RunAsync));
        return this;
    }

    public IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        services.TryAddSingleton<TImplementation>();
        services.AddSingleton(new FinalizerRegistration(typeof(TEntity), typeof(TImplementation), identifier));
        services.AddSingleton(provider => new EntityFinalizer<TEntity>(identifier, provider.GetRequiredService<TImplementation>()));
        return this;
    }

    private static IEntityController<TEntity> WithFinalizers<TEntity>(IServiceProvider provider, IEntityController<TEntity> controller)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var finalizers = provider.GetServices<EntityFinalizer<TEntity>>().ToList();
        return finalizers.Count == 0
            ? controller
            : new FinalizingController<TEntity>(
                controller, finalizers, provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<IEventRecorder>());
    }
}
