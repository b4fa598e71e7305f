using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ModelOperator.Telemetry.Logging;

/// <summary>
/// <c>time level category: message</c>, always one line: a line break in a message, which may hold what a caller sent,
/// starts no second entry.
/// </summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        WriteOneLine(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(" | ");
            WriteOneLine(textWriter, exception.ToString());
        }
        textWriter.Write('\n');
    }

    private static void WriteOneLine(TextWriter writer, string text)
    {
        foreach (var c in text)
        {
            writer.Write(char.IsControl(c) ? ' ' : c);
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => " trace ",
        LogLevel.Debug => " debug ",
        LogLevel.Information => " info ",
        LogLevel.Warning => " warn ",
        LogLevel.Error => " error ",
        _ => " critical ",
    };
}
