using ModelOperator.Router.Mirroring;

namespace ModelOperator.Router.Tests.Mirroring;

internal sealed class CapturingStreamTests
{
    [TestCase(100, 1000, true)]
    [TestCase(101, 1000, false)]
    [TestCase(100, 99, false)]
    public async Task What_is_more_than_the_bound_or_the_budget_is_passed_on_and_not_kept(int length, int memory, bool isKept)
    {
        var budget = new MirrorBudget(memory);
        using var caller = new MemoryStream();
        await using var stream = new CapturingStream(caller, bound: 100, budget);

        await stream.WriteAsync(new byte[length - 1]);
        await stream.WriteAsync(new byte[] { 42 });

        Assert.That(caller.Length, Is.EqualTo(length));
        Assert.That(stream.Captured?.Length, Is.EqualTo(isKept ? length : null));
        stream.Release();
        Assert.That(budget.Taken, Is.Zero);
    }
}
