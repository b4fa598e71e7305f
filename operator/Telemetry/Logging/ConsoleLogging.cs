using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ModelOperator.Telemetry.Logging;

/// <summary>How every program logs: one line per entry on standard output: UTC time, level, category, message.</summary>
public static class ConsoleLogging
{
    /// <summary>The environment variable with the lowest level to log: trace, debug, info, warn, error, critical.</summary>
    public const string LevelVariable = "LOG_LEVEL";

    /// <summary>Replaces the providers there are by the console; the level comes from <c>LOG_LEVEL</c>, default info.</summary>
    /// <exception cref="FormatException"><c>LOG_LEVEL</c> is none of the levels.</exception>
    public static ILoggingBuilder AddLineConsole(this ILoggingBuilder logging)
    {
        var level = ParseLevel(Environment.GetEnvironmentVariable(LevelVariable));
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        if (level > LogLevel.Debug)
        {
            // The framework's own log doubles ours; a probe that fails while a model loads is no error.
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
            logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
            logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        }
        return logging;
    }

    internal static LogLevel ParseLevel(string? value) => value?.Trim().ToUpperInvariant() switch
    {
        null or "" => LogLevel.Information,
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" or "FATAL" => LogLevel.Critical,
        _ => throw new FormatException($"{LevelVariable} is \"{value}\": use trace, debug, info, warn, error or critical."),
    };
}
