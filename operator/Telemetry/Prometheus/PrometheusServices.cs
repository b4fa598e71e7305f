using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModelOperator.Telemetry.Prometheus;

/// <summary>Sets the exporter up in a host.</summary>
public static class PrometheusServices
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// Exports these meters, and the process' own figures, of this host. The exporter has to exist before a
    /// measurement to see it: <see cref="MapPrometheusMetrics"/> and whoever takes it as a dependency make it.
    /// </summary>
    public static IServiceCollection AddPrometheusMetrics(this IServiceCollection services, params string[] meters)
    {
        services.AddMetrics();
        services.AddSingleton<ProcessMetrics>();
        services.AddSingleton(provider =>
        {
            provider.GetRequiredService<ProcessMetrics>();
            return new PrometheusExporter(
                [ProcessMetrics.MeterName, .. meters],
                provider.GetRequiredService<ILogger<PrometheusExporter>>(),
                provider.GetRequiredService<IMeterFactory>());
        });
        return services;
    }

    /// <summary>Answers GET on the path with all metrics.</summary>
    public static IEndpointConventionBuilder MapPrometheusMetrics(this IEndpointRouteBuilder endpoints, string path = "/metrics")
    {
        var exporter = endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>();
        return endpoints.MapGet(path, async context =>
        {
            context.Response.ContentType = ContentType;
            exporter.WriteTo(context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        });
    }
}
