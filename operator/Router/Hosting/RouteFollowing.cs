using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Hosting;

/// <summary>Registers the Kubernetes API as the source of routes.</summary>
internal static class RouteFollowing
{
    /// <summary>Follows ModelRoutes and EndpointSlices of a cluster.</summary>
    public static void AddRouteFollowing(this IServiceCollection services, RouterOptions options, KubernetesClientConfiguration cluster)
    {
        services.AddSingleton<RestClientMetrics>();
        services.AddSingleton<IKubernetesClient>(provider => new KubernetesClient(
            cluster with { LeavesSocketThreads = true },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KubernetesClient>>(),
            provider.GetRequiredService<RestClientMetrics>()));
        services.AddInformer<V1Alpha1ModelRoute>(options);
        services.AddInformer<V1EndpointSlice>(options);
        services.AddSingleton(provider => new RouteFollower(
            provider.GetRequiredService<IInformer<V1Alpha1ModelRoute>>(),
            provider.GetRequiredService<IInformer<V1EndpointSlice>>(),
            provider.GetRequiredService<RouteStore>(),
            options.Snapshot is { } file ? new SnapshotFile(file, provider.GetRequiredService<ILogger<SnapshotFile>>()) : null,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RouteFollower>>()));
        services.AddSingleton<IRouteSource>(provider => provider.GetRequiredService<RouteFollower>());
        services.AddHostedService(provider => provider.GetRequiredService<RouteFollower>());
    }

    private static void AddInformer<T>(this IServiceCollection services, RouterOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        services.AddSingleton<IInformer<T>>(provider => new Informer<T>(
            provider.GetRequiredService<IKubernetesClient>(),
            new InformerOptions { NamespaceName = options.Namespace },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Informer<T>>>()));
}
