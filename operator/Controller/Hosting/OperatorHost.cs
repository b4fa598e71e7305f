using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Policies;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Traffic;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Queue;
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
        var configuration = options.Kubeconfig is { } path ? KubernetesClientConfiguration.BuildFromConfigFile(path) : KubernetesClientConfiguration.BuildDefault();
        services.AddSingleton(options);
        services.AddSingleton(configuration);
        services.AddSingleton<RestClientMetrics>();
        services.AddSingleton<IKubernetesClient>(provider => Client(provider, configuration));
        services.AddKeyedSingleton<IKubernetesClient>(
            OperatorServices.LeaderElectionClient, (provider, _) => Client(provider, configuration.For("leader-election")));
        services.AddKubernetesOperator(settings => Configure(settings, options))
            .AddController<ModelDeploymentController, V1Alpha1ModelDeployment>(Follow)
            .AddController<RollbackPolicyController, V1Alpha1RollbackPolicy>(FollowUsers);
        services.AddSingleton(provider => Caches(provider.GetRequiredService<SharedInformers>()));
        services.AddSingleton(provider => Gateways(provider.GetRequiredService<SharedInformers>(), options));
        services.AddSingleton(provider => new RouterFleet(RouterClient(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TrafficObserver>();
        services.AddSingleton<TrafficWriter>();
        services.AddSingleton<HttpRouteWriter>();
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<CommandAuthors>();
        services.AddSingleton<RevisionRecords>();
        services.AddSingleton<Observer>();
        services.AddSingleton<PlanExecutor>();
        services.AddSingleton<RolloutMetrics>();
        services.AddAnalysis(new AnalysisOptions(options.PrometheusAddress));
        services.AddPrometheusMetrics(
            RolloutMetrics.MeterName,
            AnalysisMetrics.MeterName,
            RestClientMetrics.MeterName,
            InformerMetrics.MeterName,
            ControllerMetrics.MeterName,
            WorkQueueMetrics.MeterName,
            LeaderElectionMetrics.MeterName,
            EventMetrics.MeterName);
        // A standby is ready as soon as its caches are: it is to take over, not to be taken out.
        var health = services.AddHealthEndpoints()
            .AddReadyCheck<ClusterCaches>("caches", caches => caches.Deployments.HasSynced ? null : "the first list of ModelDeployments has not come yet");
        if (options.LeaderElection)
        {
            health.AddLiveCheck<LeaderElector>("leader-election", elector => elector.Problem());
        }
    }

    private static KubernetesClient Client(IServiceProvider provider, KubernetesClientConfiguration configuration) => new(
        configuration,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<KubernetesClient>>(),
        provider.GetRequiredService<RestClientMetrics>());

    private static void Configure(OperatorSettingsBuilder settings, OperatorOptions options)
    {
        settings.WithName(ApiGroup.FieldManager).WithNamespace(options.Namespace).WithMaxParallelReconciliations(options.Workers);
        if (options.LeaderElection)
        {
            settings
                .WithLeaderElection(options.LeaseNamespace, options.LeaseName)
                .WithLeaderElectionTimings(options.LeaseDuration, options.RenewDeadline, options.RetryPeriod);
        }
    }

    // Only those beside the operator: elsewhere anybody may give a pod these labels, and a router that never answers holds up every rollout.
    private static readonly InformerOptions Routers = new() { NamespaceName = OperatorOptions.Home, LabelSelector = ClusterCaches.Routers };

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
        informers.Get<V1Pod>(Routers));

    private static GatewayCaches Gateways(SharedInformers informers, OperatorOptions options) => new(
        informers.Get<V1HttpRoute>(GatewayCaches.OwnRoutes(options.Namespace)),
        informers.Get<V1Gateway>(GatewayCaches.Everything),
        informers.Get<V1GatewayClass>(GatewayCaches.Everything));

    private static void Follow(IServiceProvider provider, ControllerRunner<V1Alpha1ModelDeployment> runner)
    {
        var caches = provider.GetRequiredService<ClusterCaches>();
        var informers = provider.GetRequiredService<SharedInformers>();
        var options = provider.GetRequiredService<OperatorOptions>();
        IEnumerable<ObjectKey> All(string? namespaceName) => caches.Deployments.List(namespaceName).Select(deployment => deployment.Key());

        runner
            .Watches<V1Alpha1ModelRevision>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Alpha1ModelRoute>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Deployment>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Service>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1ConfigMap>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1PodDisruptionBudget>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches<V1Pod>(ClusterCaches.DeploymentOf, ClusterCaches.Owned)
            .Watches(_ => All(null), informers.Get<V1Pod>(Routers))
            .Watches<V1Alpha1RollbackPolicy>(policy => All(policy.Namespace()))
            .Watches<V1Alpha1ServingRuntime>(_ => All(null))
            .Watches(ClusterCaches.DeploymentOf, informers.Get<V1HttpRoute>(GatewayCaches.OwnRoutes(options.Namespace)))
            .Watches(gateway => GatewayUsers.Of(gateway, caches.Deployments.List()), informers.Get<V1Gateway>(GatewayCaches.Everything))
            .Watches(_ => GatewayUsers.All(caches.Deployments.List()), informers.Get<V1GatewayClass>(GatewayCaches.Everything));
    }

    private static void FollowUsers(IServiceProvider provider, ControllerRunner<V1Alpha1RollbackPolicy> runner)
    {
        var caches = provider.GetRequiredService<ClusterCaches>();

        // Also those that it named until just now.
        runner.Watches<V1Alpha1ModelDeployment>(deployment => caches.Policies.List(deployment.Namespace())
            .Where(policy => PolicyReport.IsUsedBy(policy, deployment) != (policy.Status.UsedBy?.Contains(deployment.Name()) == true))
            .Select(policy => policy.Key()));
    }

    // Routers are asked directly, never through a proxy, and often: connections are kept.
    private static HttpClient RouterClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    });
}
