using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Telemetry.Logging;

namespace ModelOperator.Telemetry.Tests.Logging;

internal sealed class ConsoleLoggingTests
{
    [TestCase(null, LogLevel.Information)]
    [TestCase("", LogLevel.Information)]
    [TestCase("debug", LogLevel.Debug)]
    [TestCase("WARN", LogLevel.Warning)]
    [TestCase("error", LogLevel.Error)]
    public void The_level_comes_from_the_environment(string? value, LogLevel expected) =>
        Assert.That(ConsoleLogging.ParseLevel(value), Is.EqualTo(expected));

    [Test]
    public void A_level_that_is_none_is_refused_with_the_choices() =>
        Assert.That(() => ConsoleLogging.ParseLevel("loud"), Throws.TypeOf<FormatException>().With.Message.Contains("use trace, debug"));

    [Test]
    public void An_entry_is_one_line_whatever_is_in_it()
    {
        var writer = new StringWriter();
        var entry = new LogEntry<string>(
            LogLevel.Warning, "Router", 7, "a\nb", new InvalidOperationException("first\r\nsecond"), (state, _) => state);

        new LineFormatter(new FixedTime()).Write(entry, null, writer);

        Assert.That(writer.ToString(), Is.EqualTo(
            "2026-11-20T14:00:00.000Z warn Router: a b | System.InvalidOperationException: first  second\n"));
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 14, 0, 0, TimeSpan.Zero);
    }
}
