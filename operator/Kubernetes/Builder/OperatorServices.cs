using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Hosting;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.LeaderElection;

namespace ModelOperator.Kubernetes.Builder;

/// <summary>Sets an operator up in a host.</summary>
public static class OperatorServices
{
    /// <summary>An <see cref="IKubernetesClient"/> with this key is used for the election only; without one, the process' client is.</summary>
    public const string LeaderElectionClient = "leader-election";

    // Beside the drain, servers and the lease have to be closed.
    private static readonly TimeSpan ShutdownReserve = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds informers, events, the election and the process' life to a host that has an <see cref="IKubernetesClient"/>.
    /// Controllers and finalizers are added to the result.
    /// </summary>
    public static IOperatorBuilder AddKubernetesOperator(this IServiceCollection services, Action<OperatorSettingsBuilder>? configure = null)
    {
        var builder = new OperatorSettingsBuilder();
        configure?.Invoke(builder);
        var settings = builder.Build();

        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton(provider => new SharedInformers(
            provider.GetRequiredService<IKubernetesClient>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            settings.Namespace,
            provider.GetRequiredService<InformerMetrics>()));
        services.AddSingleton<InformerMetrics>();
        services.AddSingleton<ControllerMetrics>();
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<IEventPublisher>(provider => new EventPublisher(
            provider.GetRequiredService<IKubernetesClient>(), settings.Name, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EventRecorder>(provider, settings.Name));
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        if (settings.LeaderElectionType == LeaderElectionType.Single)
        {
            services.AddSingleton(Elector);
        }

        services.AddSingleton<RegistrationValidator>();
        services.AddSingleton<OperatorExit>();
        services.AddHostedService<OperatorRuntime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.GracefulShutdownTimeout + ShutdownReserve);
        return new OperatorBuilder(services, settings);
    }

    private static LeaderElector Elector(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<OperatorSettings>().LeaderElection;
        return new LeaderElector(
            provider.GetKeyedService<IKubernetesClient>(LeaderElectionClient) ?? provider.GetRequiredService<IKubernetesClient>(),
            settings,
            provider.GetRequiredService<IEventRecorder>(),
            new LeaderElectionMetrics(provider.GetRequiredService<IMeterFactory>(), settings.LeaseName),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LeaderElector>>());
    }
}
