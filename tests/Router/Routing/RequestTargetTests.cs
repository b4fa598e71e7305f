using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Tests.Routing;

internal sealed class RequestTargetTests
{
    private static readonly RouteTable Table = RouteTable.Empty.With(new TestRoute().Stable(100, "10.0.0.1:80").Build());

    [TestCase("/default/digits/v2/models/digits/infer", "/v2/models/digits/infer")]
    [TestCase("/default/digits/a%2Fb%20c/../d?x=%41&y=/z/", "/a%2Fb%20c/../d?x=%41&y=/z/")]
    [TestCase("/default/digits", "")]
    [TestCase("/default/digits/", "/")]
    [TestCase("/default/digits?x=1", "?x=1")]
    [TestCase("http://router:8000/default/digits/v1?x=1", "/v1?x=1")]
    public void The_path_names_the_route_and_the_rest_is_passed_on_as_written(string target, string rest)
    {
        var found = RequestTarget.Resolve(Table, "127.0.0.1:8000", target);

        Assert.That(found.Route?.Key, Is.EqualTo("default/digits"));
        Assert.That(found.Rest.ToString(), Is.EqualTo(rest));
    }

    [TestCase("digits.default")]
    [TestCase("digits.default:8000")]
    [TestCase("Digits.Default.svc.cluster.local:80")]
    [TestCase("digits.default.models.example.com")]
    public void The_host_names_the_route_and_the_whole_target_is_passed_on(string host)
    {
        var found = RequestTarget.Resolve(Table, host, "/v2/health/ready?x=1");

        Assert.That(found.Route?.Key, Is.EqualTo("default/digits"));
        Assert.That(found.Rest.ToString(), Is.EqualTo("/v2/health/ready?x=1"));
    }

    [TestCase("router", "/")]
    [TestCase("router", "/default")]
    [TestCase("router", "/default/")]
    [TestCase("router", "/default/other/v2")]
    [TestCase("router", "/Default/digits/v2")]
    [TestCase("router", "/default%2Fdigits/v2")]
    [TestCase("router", "//default/digits")]
    [TestCase("router", "*")]
    [TestCase("router", "")]
    [TestCase("router", "http://")]
    [TestCase("digits", "/v2")]
    [TestCase("digits.other", "/v2")]
    [TestCase(".default", "/v2")]
    [TestCase("", "/v2")]
    public void Anything_else_names_no_route(string host, string target) =>
        Assert.That(RequestTarget.Resolve(Table, host, target).Route, Is.Null);

    [Test]
    public void A_host_longer_than_a_name_can_be_is_not_looked_at() =>
        Assert.That(RequestTarget.Resolve(Table, "digits.default." + new string('a', 5000), "/v2").Route, Is.Null);
}
