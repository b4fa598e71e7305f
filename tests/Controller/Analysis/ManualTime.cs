namespace ModelOperator.Controller.Tests.Analysis;

/// <summary>A clock that a test sets. Timers run in real time.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
