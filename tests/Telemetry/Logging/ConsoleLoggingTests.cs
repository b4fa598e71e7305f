using Microsoft.Extensions.Logging;
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
}
