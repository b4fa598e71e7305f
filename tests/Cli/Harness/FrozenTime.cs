namespace ModelOperator.Cli.Tests.Harness;

/// <summary>A clock that stands still, more than a year after everything was created, so that ages read the same in every run; timers run.</summary>
internal sealed class FrozenTime : TimeProvider
{
    private readonly DateTimeOffset _now;

    public FrozenTime()
    {
        var start = System.GetUtcNow();
        _now = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerSecond)).AddDays(400).AddHours(1);
    }

    public override DateTimeOffset GetUtcNow() => _now;
}
