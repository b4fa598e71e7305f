using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ModelOperator.Telemetry.Tracing;

/// <summary>
/// Sends traces to an OpenTelemetry collector when one is configured, by the variables that every OpenTelemetry program knows:
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c> turns them on; <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>,
/// <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c> and the
/// rest mean what they mean elsewhere. Without an address nothing listens, and starting a span is a null check.
/// </summary>
public static class TraceExport
{
    private static readonly string[] Addresses = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Whether a collector is configured and not switched off.</summary>
    public static bool IsConfigured =>
        Array.Exists(Addresses, name => Find(name) is not null)
        && !string.Equals(Find("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Find("OTEL_TRACES_EXPORTER") is null or "otlp";

    /// <summary>Sends what these sources trace until the host ends, when it sends the rest.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="program">What <c>service.name</c> is unless the environment says otherwise.</param>
    /// <param name="sources">Names of activity sources.</param>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public static IServiceCollection AddTraceExport(this IServiceCollection services, string program, params string[] sources)
    {
        if (!IsConfigured)
        {
            return services;
        }
        var version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3);
        var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(program, serviceVersion: version).AddEnvironmentVariableDetector())
            .AddSource(sources)
            .AddOtlpExporter()
            .Build();
        // Made by a factory, so that the container disposes it, which sends what is left.
        services.AddSingleton(_ => provider);
        services.AddHostedService<TraceExportLifetime>();
        return services;
    }

    private static string? Find(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
