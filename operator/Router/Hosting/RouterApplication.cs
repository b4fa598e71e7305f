using ModelOperator.Kubernetes.Client;
using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using ModelOperator.Telemetry.Health;
using ModelOperator.Telemetry.Hosting;
using ModelOperator.Telemetry.Logging;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Router.Hosting;

/// <summary>Puts the router together.</summary>
internal static class RouterApplication
{
    // What requests that were begun get to end, after the drain.
    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(20);

    /// <summary>Builds the program without its source of routes.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="configure">Registers, at least, an <see cref="IRouteSource"/> that fills the <see cref="RouteStore"/>.</param>
    public static WebApplication Build(RouterOptions options, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddLineConsole();
        // A line per request and a stack trace per failure: FailureLog says what there is to say.
        builder.Logging.AddFilter("Yarp", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.ListenOnPod(Listeners.Http, options.HttpPort, address: options.Address);
            kestrel.ListenOnPod(Listeners.Metrics, options.MetricsPort, address: options.Address);
            kestrel.ListenOnPod(Listeners.Health, options.HealthPort, address: options.Address);
        });

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + Finish);
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddPrometheusMetrics(RouterMetrics.MeterName, RestClientMetrics.MeterName);
        services.AddHttpForwarder();
        services.AddSingleton(_ => BackendClient.Create(options.ConnectTimeout));
        services.AddSingleton<RouterMetrics>();
        services.AddSingleton<RouteStore>();
        services.AddSingleton<FailureLog>();
        services.AddSingleton<ModelProxy>();
        services.AddHostedService<DrainService>();
        services.AddHostedService<SeriesCleaner>();
        services.AddHealthEndpoints()
            .AddReadyCheck<IRouteSource>("routes", source => source.HasSynced ? null : "the routes have not been read yet");
        configure(builder);

        var app = builder.Build();
        app.MapListener(Listeners.Metrics, listener => listener.UseRouting().UseEndpoints(endpoints => endpoints.MapPrometheusMetrics()));
        app.MapListener(Listeners.Health, listener => listener.UseRouting().UseEndpoints(endpoints =>
        {
            endpoints.MapHealthEndpoints();
            endpoints.MapRoutes();
        }));
        app.MapListener(Listeners.Http, listener => listener.Run(app.Services.GetRequiredService<ModelProxy>().HandleAsync));
        return app;
    }
}
