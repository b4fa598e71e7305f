using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.Telemetry;

internal sealed class RevisionRetentionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_revision_is_forgotten_once_when_no_route_has_named_it_for_long()
    {
        var retention = new RevisionRetention(TimeSpan.FromHours(1));
        var both = RouteTable.Empty.With(new TestRoute().Stable(90).Candidate(10).Build());
        var one = RouteTable.Empty.With(new TestRoute().Stable(100).Build());

        Assert.That(retention.Observe(both, Noon), Is.Empty);
        Assert.That(retention.Observe(one, Noon.AddMinutes(59)), Is.Empty);
        Assert.That(retention.Observe(one, Noon.AddMinutes(60)), Is.EqualTo(new[] { new RevisionKey("default", "digits", "digits-r2") }));
        Assert.That(retention.Observe(one, Noon.AddMinutes(61)), Is.Empty);
    }

    [Test]
    public void A_revision_that_comes_back_is_kept()
    {
        var retention = new RevisionRetention(TimeSpan.FromHours(1));
        var table = RouteTable.Empty.With(new TestRoute().Stable(100).Build());

        retention.Observe(table, Noon);
        retention.Observe(RouteTable.Empty, Noon.AddMinutes(50));
        retention.Observe(table, Noon.AddMinutes(55));

        Assert.That(retention.Observe(RouteTable.Empty, Noon.AddMinutes(70)), Is.Empty);
    }
}
