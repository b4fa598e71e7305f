using Microsoft.AspNetCore.Http;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Router.Matching;

namespace ModelOperator.Router.Tests.Matching;

internal sealed class CallerMatchTests
{
    [TestCase("true", true)]
    [TestCase("True", false)]
    [TestCase("true ", false)]
    [TestCase("", false)]
    public void An_exact_match_is_of_the_whole_value_and_its_case(string sent, bool met) =>
        Assert.That(Header(sent, new RouteMatch { Header = "X-Beta", Value = "true" }), Is.EqualTo(met));

    [TestCase("tenant-12", true)]
    [TestCase("tenant-12x", false)]
    [TestCase("a tenant-12", false)]
    [TestCase("x", true)]
    public void An_expression_is_for_the_whole_value(string sent, bool met) =>
        Assert.That(Header(sent, new RouteMatch { Header = "x-beta", Value = "tenant-[0-9]+|x", Type = "RegularExpression" }), Is.EqualTo(met));

    [Test]
    public void Of_a_header_that_is_sent_twice_either_value_counts()
    {
        var match = CallerMatch.Create(new RouteMatch { Header = "x-beta", Value = "b" })!;
        Assert.That(match.IsMetBy(new HeaderDictionary { ["x-beta"] = new(["a", "b"]) }), Is.True);
        Assert.That(match.IsMetBy(new HeaderDictionary { ["x-beta"] = new(["a", "c"]) }), Is.False);
        Assert.That(match.IsMetBy(new HeaderDictionary()), Is.False);
    }

    [TestCase("a=1; group=beta; b=2", true)]
    [TestCase("group=beta", true)]
    [TestCase("group=beta2", false)]
    [TestCase("mygroup=beta", false)]
    [TestCase("group=stable; group=beta", false)]
    [TestCase("", false)]
    public void A_cookie_is_matched_by_name_and_value(string sent, bool met)
    {
        var match = CallerMatch.Create(new RouteMatch { Cookie = "group", Value = "beta" })!;
        Assert.That(match.IsMetBy(new HeaderDictionary { ["Cookie"] = sent }), Is.EqualTo(met));
    }

    [TestCase("(")]
    [TestCase("(a)\\1")]
    [TestCase("(?=a)a")]
    public void An_expression_that_is_none_or_looks_around_matches_nobody(string expression) =>
        Assert.That(CallerMatch.Create(new RouteMatch { Header = "x", Value = expression, Type = "RegularExpression" }), Is.Null);

    [Test]
    public void An_expression_that_would_backtrack_for_ever_does_not()
    {
        // (a+)+ against many a and one b takes 2^4000 steps with backtracking.
        Assert.That(Header(new string('a', 4000) + "b", new RouteMatch { Header = "x-beta", Value = "(a+)+", Type = "RegularExpression" }), Is.False);
    }

    private static bool Header(string value, RouteMatch match) =>
        CallerMatch.Create(match)!.IsMetBy(new HeaderDictionary { ["x-beta"] = value });
}
