using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Telemetry.Health;
using ModelOperator.Telemetry.Hosting;
using ModelOperator.Telemetry.Logging;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Controller.Hosting;

/// <summary>Puts the operator process together.</summary>
internal static class OperatorHost
{
    private const string MetricsListener = "metrics";
    private const string HealthListener = "health";

    public static WebApplication Build(OperatorOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddLineConsole();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenOnPod(MetricsListener, options.MetricsPort);
            kestrel.ListenOnPod(HealthListener, options.HealthPort);
        });
        AddServices(builder.Services, options);

        var app = builder.Build();
        app.MapListener(MetricsListener, branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapPrometheusMetrics()));
        app.MapListener(HealthListener, branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapHealthEndpoints()));
        return app;
    }

    private static void AddServices(IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IKubernetesClient>(provider => new KubernetesClient(
            options.Kubeconfig is { } path ? KubernetesClientConfiguration.BuildFromConfigFile(path) : KubernetesClientConfiguration.BuildDefault(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KubernetesClient>>(),
            provider.GetRequiredService<RestClientMetrics>()));
        services.AddSingleton(provider => new SharedInformers(
            provider.GetRequiredService<IKubernetesClient>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => Caches(provider.GetRequiredService<SharedInformers>()));
        services.AddSingleton<IEventPublisher>(provider => new EventPublisher(
            provider.GetRequiredService<IKubernetesClient>(), ApiGroup.FieldManager, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RouterFleet(RouterClient(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<CommandAuthors>();
        services.AddSingleton<RevisionRecords>();
        services.AddSingleton<Observer>();
        services.AddSingleton<PlanExecutor>();
        services.AddSingleton<RolloutMetrics>();
        services.AddSingleton<RestClientMetrics>();
        services.AddSingleton<ModelDeploymentController>();
        services.AddSingleton(Runner);
        services.AddAnalysis(new AnalysisOptions(options.PrometheusAddress));
        services.AddPrometheusMetrics(RolloutMetrics.MeterName, RestClientMetrics.MeterName);
        services.AddHealthEndpoints()
            .AddReadyCheck<ClusterCaches>("caches", caches => caches.Deployments.HasSynced ? null : "the first list of ModelDeployments has not come yet");
        services.AddHostedService<OperatorService>();
    }

    private static ClusterCaches Caches(SharedInformers informers) => new(
        informers.Get<V1Alpha1ModelDeployment>(),
        informers.Get<V1Alpha1ModelRevision>(ClusterCaches.Owned),
        informers.Get<V1Alpha1ModelRoute>(ClusterCaches.Owned),
        informers.Get<V1Alpha1RollbackPolicy>(),
        informers.Get<V1Alpha1ServingRuntime>(),
        informers.Get<V1Deployment>(ClusterCaches.Owned),
        informers.Get<V1Service>(ClusterCaches.Owned),
        informers.Get<V1ConfigMap>(ClusterCaches.Owned),
        informers.Get<V1PodDisruptionBudget>(ClusterCaches.Owned),
        informers.Get<V1Pod>(ClusterCaches.Owned),
        informers.Get<V1Pod>(ClusterCaches.Routers));

    private static ControllerRunner<V1Alpha1ModelDeployment> Runner(IServiceProvider provider)
    {
        var caches = provider.GetRequiredService<ClusterCaches>();
        IEnumerable<ObjectKey> All(string? namespaceName) => caches.Deployments.List(namespaceName).Select(deployment => deployment.Key());

        return new ControllerRunner<V1Alpha1ModelDeployment>(
                provider.GetRequiredService<ModelDeploymentController>(),
                provider.GetRequiredService<SharedInformers>(),
                new ControllerOptions { Workers = provider.GetRequiredService<OperatorOptions>().Workers },
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ControllerRunner<V1Alpha1ModelDeployment>>>())
            .Watches<V1Alpha1ModelRevision>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Alpha1ModelRoute>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Deployment>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Service>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1ConfigMap>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1PodDisruptionBudget>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Pod>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Pod>(_ => All(null), ClusterCaches.Routers)
            .Watches<V1Alpha1RollbackPolicy>(policy => All(policy.Namespace()))
            .Watches<V1Alpha1ServingRuntime>(_ => All(null));
    }

    // Routers are asked directly, never through a proxy, and often: connections are kept.
    private static HttpClient RouterClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    });
}
