using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>Keeps what is logged, with the scopes it is logged in.</summary>
internal sealed class RecordingLogger : ILogger, ILoggerFactory
{
    private readonly AsyncLocal<string> _scope = new();

    public ConcurrentQueue<(LogLevel Level, string Message, string Scope)> Entries { get; } = new();

    public IEnumerable<string> At(LogLevel level) => Entries.Where(entry => entry.Level == level).Select(entry => entry.Message);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _scope.Value = $"{state}";
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception), _scope.Value ?? ""));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
