using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ModelOperator.Telemetry.Logging;

/// <summary>How every program logs: one line per entry on standard output, UTC time first.</summary>
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
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        if (level > LogLevel.Debug)
        {
            // The framework's request log doubles ours; a probe that fails while a model loads is no error.
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
