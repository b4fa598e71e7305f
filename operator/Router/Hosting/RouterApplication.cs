using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Router.AccessLogging;
using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Forwarding.Http1;
using ModelOperator.Router.Mirroring;
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
        var services = builder.Services;
        builder.Logging.AddLineConsole();
        // A reader of the log that is too slow must not hold up requests.
        services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        // A line per request and a stack trace per failure: FailureLog says what there is to say.
        builder.Logging.AddFilter("Yarp", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = options.HeaderTimeout;
            kestrel.ListenOnPod(Listeners.Http, options.HttpPort, address: options.Address);
            kestrel.ListenOnPod(Listeners.Grpc, options.GrpcPort, HttpProtocols.Http2, options.Address);
            kestrel.ListenOnPod(Listeners.Metrics, options.MetricsPort, address: options.Address);
            kestrel.ListenOnPod(Listeners.Health, options.HealthPort, address: options.Address);
        });

        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + Finish);
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddPrometheusMetrics(RouterMetrics.MeterName, RestClientMetrics.MeterName);
        services.AddHttpForwarder();
        services.AddSingleton(_ => BackendClient.Create(options.ConnectTimeout));
        services.AddSingleton<RouterMetrics>();
        services.AddSingleton<RouteStore>();
        services.AddSingleton<FailureLog>();
        services.AddSingleton<PodExchange>();
        services.AddSingleton<AttemptSender>();
        services.AddSingleton<AttemptSequence>();
        services.AddSingleton(_ => new MirrorBudget(options.MirrorMemoryBytes));
        services.AddSingleton<Mirror>();
        services.AddSingleton(_ => new AccessLog(Console.OpenStandardOutput()));
        services.AddSingleton<ModelProxy>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        services.AddHostedService<DrainService>();
        services.AddHostedService<SeriesCleaner>();
        services.AddHealthEndpoints()
            .AddReadyCheck<IRouteSource>("routes", source => source.HasSynced ? null : "the routes have not been read yet");
        configure(builder);

        var app = builder.Build();
        app.MapListener(Listeners.Metrics, listener => listener.LeaveSocketThread().UseRouting().UseEndpoints(endpoints => endpoints.MapPrometheusMetrics()));
        app.MapListener(Listeners.Health, listener => listener.LeaveSocketThread().UseRouting().UseEndpoints(endpoints =>
        {
            endpoints.MapHealthEndpoints();
            endpoints.MapRoutes();
        }));
        var proxy = app.Services.GetRequiredService<ModelProxy>();
        app.MapListener(Listeners.Http, listener => listener.Run(proxy.HandleAsync));
        app.MapListener(Listeners.Grpc, listener => listener.Run(proxy.HandleAsync));
        return app;
    }
}
