using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.ObjectPool;
using ModelOperator.Api.Conventions;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Loading.Providers;
using ModelOperator.Serving.Protocol.Grpc;
using ModelOperator.Serving.Protocol.V2;
using ModelOperator.Telemetry.Health;
using ModelOperator.Telemetry.Hosting;
using ModelOperator.Telemetry.Logging;
using ModelOperator.Telemetry.Prometheus;
using ModelOperator.Telemetry.Tracing;

namespace ModelOperator.Serving.Hosting;

/// <summary>Puts the server together: requests, metrics and health on listeners of their own.</summary>
internal static class ModelServer
{
    /// <summary>What is left, after draining, for requests in flight to end.</summary>
    private static readonly TimeSpan InFlightTimeout = TimeSpan.FromSeconds(25);

    /// <param name="settings">What to serve and where.</param>
    /// <param name="address">Instead of <c>POD_IP</c>.</param>
    public static WebApplication Build(ServingSettings settings, IPAddress? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddLineConsole();
        // It would open a log scope and an activity for every request, which nothing here reads.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A request goes on on the thread that polls its socket, and so does its answer, as long as the model is quick: see RunPace.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
            kestrel.ListenOnPod(Ports.HttpName, settings.HttpPort, address: address);
            kestrel.ListenOnPod(Ports.MetricsName, settings.MetricsPort, address: address);
            kestrel.ListenOnPod(Ports.HealthName, settings.HealthPort, address: address);
            kestrel.ListenOnPod(Ports.GrpcName, settings.GrpcPort, HttpProtocols.Http2, address);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Drain + InFlightTimeout);
        AddServices(builder.Services, settings);

        // Runs block their threads; probes and scrapes still need some.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + settings.Cpu.Concurrency), completions);

        var app = builder.Build();
        app.MapListener(Ports.HttpName, Requests);
        app.MapListener(Ports.GrpcName, Calls);
        app.MapListener(Ports.MetricsName, listener => listener.LeaveSocketThread().UseRouting().UseEndpoints(endpoints => endpoints.MapPrometheusMetrics()));
        app.MapListener(Ports.HealthName, listener => listener.LeaveSocketThread().UseRouting().UseEndpoints(endpoints => endpoints.MapHealthEndpoints()));
        return app;
    }

    private static void AddServices(IServiceCollection services, ServingSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Model);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ModelSlot>();
        services.AddSingleton<ProviderProbe>();
        services.AddSingleton(provider => new SessionFactory(
            settings.Provider, settings.Cpu.PoolThreads, provider.GetRequiredService<ProviderProbe>(), provider.GetRequiredService<ILogger<SessionFactory>>()));
        services.AddSingleton<ModelLoader>();
        services.AddSingleton<Warmup>();
        services.AddSingleton<ServingMetrics>();
        services.AddSingleton<InferenceOutcomes>();
        services.AddSingleton<InferHandler>();
        services.AddSingleton<ModelRepository>();
        services.AddSingleton<RepositoryHandler>();
        services.AddSingleton<V2Router>();
        services.AddSingleton<GrpcInferHandler>();
        services.AddSingleton<InferenceService>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<GrpcServer>();
        services.AddSingleton(ObjectPool.Create<InferMessage>());
        services.AddSingleton(ObjectPool.Create<ResponseBuffer>());
        services.AddPrometheusMetrics(ServingMetrics.MeterName);
        services.AddTraceExport("modelserver", ServingTraces.SourceName);
        services.AddHealthEndpoints().AddReadyCheck<ModelSlot>("model", slot => slot.Problem);
        services.AddRequestDecompression();
        services.AddHostedService<DrainDelay>();
        services.AddSingleton<ModelLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelLoading>());
    }

    private static void Calls(IApplicationBuilder listener)
    {
        if (TraceExport.IsConfigured)
        {
            listener.UseRequestSpans();
        }
        listener.UseMiddleware<LineageMiddleware>();
        listener.Run(listener.ApplicationServices.GetRequiredService<GrpcServer>().HandleAsync);
    }

    private static void Requests(IApplicationBuilder listener)
    {
        if (TraceExport.IsConfigured)
        {
            listener.UseRequestSpans();
        }
        listener.UseMiddleware<LineageMiddleware>();
        listener.UseWhen(context => context.Request.Headers.ContentEncoding.Count > 0, encoded => encoded.UseRequestDecompression());
        listener.Run(listener.ApplicationServices.GetRequiredService<V2Router>().HandleAsync);
    }
}
