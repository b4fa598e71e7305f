using System.Net;
using Microsoft.AspNetCore.Http;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Tests.Routing;

internal sealed class ArmChoiceTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(new StickyBy { Header = "x-user-id" }, (Func<int, HeaderDictionary>)(i => new HeaderDictionary { ["x-user-id"] = $"u{i}" })).SetArgDisplayNames("header");
        yield return new TestCaseData(new StickyBy { Cookie = "session" }, (Func<int, HeaderDictionary>)(i => new HeaderDictionary { ["Cookie"] = $"a=b; session=s{i}" })).SetArgDisplayNames("cookie");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_sticky_caller_keeps_its_revision_and_callers_are_split_by_weight(StickyBy by, Func<int, HeaderDictionary> caller)
    {
        var route = Sticky(by, 70, 30);

        var first = Enumerable.Range(0, 1000).Select(i => ArmChoice.Of(route, caller(i), Client).Live!.Revision).ToList();
        var again = Enumerable.Range(0, 1000).Select(i => ArmChoice.Of(route, caller(i), Client).Live!.Revision).ToList();

        Assert.That(again, Is.EqualTo(first));
        Assert.That(first.Count(revision => revision == "digits-r2"), Is.EqualTo(300).Within(75));
    }

    [Test]
    public void A_client_address_is_a_caller()
    {
        var route = Sticky(new StickyBy { ClientAddress = true }, 50, 50);
        var none = new HeaderDictionary();
        var revisions = Enumerable.Range(1, 200).Select(i => IPAddress.Parse($"10.0.{i}.1"))
            .Select(address => Enumerable.Range(0, 5).Select(_ => ArmChoice.Of(route, none, address).Live!.Revision).Distinct().Single())
            .ToList();

        Assert.That(revisions.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void A_request_that_does_not_say_whose_it_is_is_split_by_weight()
    {
        var route = Sticky(new StickyBy { Header = "x-user-id" }, 90, 10);

        Assert.That(Enumerable.Range(0, 100).Count(_ => ArmChoice.Of(route, new HeaderDictionary(), Client).Live!.Role == BackendRole.Candidate), Is.EqualTo(10));
    }

    [Test]
    public void Another_route_tries_its_candidate_on_other_callers()
    {
        var one = Sticky(new StickyBy { Header = "x-user-id" }, 50, 50);
        var other = Sticky(new StickyBy { Header = "x-user-id" }, 50, 50, name: "other");
        var same = Enumerable.Range(0, 1000).Count(i =>
        {
            var headers = new HeaderDictionary { ["x-user-id"] = $"u{i}" };
            return ArmChoice.Of(one, headers, Client).Live!.Role == ArmChoice.Of(other, headers, Client).Live!.Role;
        });

        Assert.That(same, Is.EqualTo(500).Within(100));
    }

    [Test]
    public void Matching_callers_get_the_candidate_whatever_its_weight_while_it_is_ready()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80").Candidate(0, "10.0.0.2:80");
        test.Resource.Spec.Backends[1].Match = [new RouteMatch { Header = "x-beta", Value = "true" }, new RouteMatch { Cookie = "beta", Value = "1" }];
        var route = test.Build();

        Assert.That(Revision(route, new HeaderDictionary { ["x-beta"] = "true" }), Is.EqualTo("digits-r2"));
        Assert.That(Revision(route, new HeaderDictionary { ["Cookie"] = "beta=1" }), Is.EqualTo("digits-r2"));
        Assert.That(Revision(route, new HeaderDictionary { ["x-beta"] = "false" }), Is.EqualTo("digits-r1"));

        test.Slices.RemoveAt(1);
        Assert.That(Revision(test.Build(route), new HeaderDictionary { ["x-beta"] = "true" }), Is.EqualTo("digits-r1"));
    }

    [Test]
    public void A_candidate_that_fails_most_requests_gets_copies_instead_until_the_route_changes()
    {
        var test = new TestRoute().Stable(50, "10.0.0.1:80").Candidate(50, "10.0.0.2:80");
        var route = test.Build();
        for (var i = 0; i < 20; i++)
        {
            route.Backends[1].Circuit!.Observe(AttemptOutcome.Error);
        }

        Assert.That(Choices(route), Is.EquivalentTo(new[] { ("digits-r1", null), ("digits-r1", "digits-r2") }));
        var samePods = test.Build(route);
        Assert.That(Choices(samePods), Is.EquivalentTo(new[] { ("digits-r1", null), ("digits-r1", "digits-r2") }), "pods that come and go decide nothing");

        var decided = new TestRoute(generation: 2).Stable(50, "10.0.0.1:80").Candidate(50, "10.0.0.2:80").Build(samePods);
        Assert.That(Choices(decided), Is.EquivalentTo(new[] { ("digits-r1", null), ("digits-r2", (string?)null) }));
    }

    [Test]
    public void When_stable_is_gone_too_nobody_answers()
    {
        var route = new TestRoute().Stable(50).Candidate(50, "10.0.0.2:80").Build();
        for (var i = 0; i < 20; i++)
        {
            route.Backends[1].Circuit!.Observe(AttemptOutcome.Timeout);
        }

        Assert.That(ArmChoice.Of(route, new HeaderDictionary(), Client).Live, Is.Null);
    }

    [Test]
    public void Exactly_the_percentage_of_stables_requests_is_copied()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80").Candidate(0, "10.0.0.2:80");
        test.Resource.Spec.Backends[1].Mirror = 3;
        ModelRoute? route = null;
        var copied = 0;
        for (var i = 0; i < 1000; i++)
        {
            route = test.Build(route);
            var choice = ArmChoice.Of(route, new HeaderDictionary(), Client);
            Assert.That(choice.Live!.Revision, Is.EqualTo("digits-r1"));
            copied += choice.Copied is null ? 0 : 1;
        }
        Assert.That(copied, Is.EqualTo(30));
    }

    private static IEnumerable<(string?, string?)> Choices(ModelRoute route) =>
        Enumerable.Range(0, 20).Select(_ => ArmChoice.Of(route, new HeaderDictionary(), Client)).Select(choice => (choice.Live?.Revision, choice.Copied?.Revision)).Distinct();

    private static string? Revision(ModelRoute route, HeaderDictionary headers) => ArmChoice.Of(route, headers, Client).Live?.Revision;

    private static ModelRoute Sticky(StickyBy by, int stable, int candidate, string name = "digits")
    {
        var test = new TestRoute(name).Stable(stable, "10.0.0.1:80").Candidate(candidate, "10.0.0.2:80");
        test.Resource.Spec.StickyBy = by;
        return test.Build();
    }
}
