using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Telemetry.Tests.Prometheus;

/// <summary>A meter of its own for each test, an exporter that listens to it, and what that logged.</summary>
internal sealed class ExporterFixture : IDisposable
{
    public ExporterFixture(int maxSeries = PrometheusExporter.DefaultMaxSeries)
    {
        Meter = new Meter("tests." + Guid.NewGuid());
        Logger = new ListLogger();
        Exporter = new PrometheusExporter([Meter.Name], Logger, maxSeries: maxSeries);
    }

    public Meter Meter { get; }

    public ListLogger Logger { get; }

    public PrometheusExporter Exporter { get; }

    public string Text => Exporter.Export();

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    public void Dispose()
    {
        Exporter.Dispose();
        Meter.Dispose();
    }

    internal sealed class ListLogger : ILogger<PrometheusExporter>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
