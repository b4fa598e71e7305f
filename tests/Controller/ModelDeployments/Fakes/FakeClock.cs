namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class FakeClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
