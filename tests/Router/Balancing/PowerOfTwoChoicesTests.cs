using System.Collections.Immutable;
using ModelOperator.Router.Balancing;

namespace ModelOperator.Router.Tests.Balancing;

internal sealed class PowerOfTwoChoicesTests
{
    private static readonly PodEndpoint A = new("http://127.0.0.1:1");
    private static readonly PodEndpoint B = new("http://127.0.0.1:2");

    [Test]
    public void No_endpoint_is_no_choice() =>
        Assert.That(PowerOfTwoChoices.Choose([], null, TimeSpan.Zero, new Random(1)), Is.Null);

    [Test]
    public void The_one_that_failed_is_taken_only_when_it_is_the_only_one()
    {
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            Assert.That(PowerOfTwoChoices.Choose([A, B], A, TimeSpan.Zero, random), Is.SameAs(B));
        }
        Assert.That(PowerOfTwoChoices.Choose([A], A, TimeSpan.Zero, random), Is.SameAs(A));
        Assert.That(PowerOfTwoChoices.Choose([B], A, TimeSpan.Zero, random), Is.SameAs(B), "the failed one has left the route");
    }

    [Test]
    public void Of_two_the_one_with_fewer_requests_in_flight_is_taken()
    {
        var busy = new PodEndpoint("http://127.0.0.1:3");
        busy.Enter();
        var random = new Random(1);

        Assert.That(Enumerable.Range(0, 50).Select(_ => PowerOfTwoChoices.Choose([busy, A], null, TimeSpan.Zero, random)), Has.All.SameAs(A));
    }

    [Test]
    public void The_busiest_of_many_is_never_taken_and_all_others_are()
    {
        var endpoints = Enumerable.Range(0, 5).Select(i => new PodEndpoint($"http://127.0.0.1:{i}")).ToImmutableArray();
        endpoints[3].Enter();
        var random = new Random(1);

        var taken = Enumerable.Range(0, 500).Select(_ => PowerOfTwoChoices.Choose(endpoints, null, TimeSpan.Zero, random)!).ToHashSet();

        Assert.That(taken, Is.EquivalentTo(endpoints.Remove(endpoints[3])));
    }
}
