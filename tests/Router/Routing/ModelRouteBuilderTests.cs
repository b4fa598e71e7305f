using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Tests.Routing;

internal sealed class ModelRouteBuilderTests
{
    [Test]
    public void Requests_are_split_by_weight_among_backends_with_ready_endpoints()
    {
        var route = new TestRoute(generation: 7).Stable(90, "10.0.0.1:8000", "10.0.0.2:8000").Candidate(10, "10.0.0.3:8000").Build();

        Assert.Multiple(() =>
        {
            Assert.That(route.Key, Is.EqualTo("default/digits"));
            Assert.That(route.Generation, Is.EqualTo(7));
            Assert.That(Shares(route, 100), Is.EqualTo(new Dictionary<string, int> { ["digits-r1"] = 90, ["digits-r2"] = 10 }));
            Assert.That(route.Backends[0].Endpoints.Select(one => one.Address), Is.EqualTo(new[] { "http://10.0.0.1:8000", "http://10.0.0.2:8000" }));
        });
    }

    [Test]
    public void A_backend_without_ready_endpoints_leaves_its_share_to_the_others_in_proportion()
    {
        var route = new TestRoute()
            .Backend("a", "Stable", 30, "10.0.0.1:80").Backend("b", "Candidate", 40).Backend("c", "Candidate", 10, "10.0.0.3:80").Build();

        Assert.That(Shares(route, 40), Is.EqualTo(new Dictionary<string, int> { ["a"] = 30, ["c"] = 10 }));
    }

    [Test]
    public void Stable_answers_when_no_backend_with_a_weight_is_ready()
    {
        Assert.That(Shares(new TestRoute().Stable(0, "10.0.0.1:80").Candidate(100).Build(), 3), Is.EqualTo(new Dictionary<string, int> { ["digits-r1"] = 3 }));
        Assert.That(new TestRoute(failover: false).Stable(0, "10.0.0.1:80").Candidate(100).Build().Split, Is.Null);
    }

    [Test]
    public void Weights_that_are_all_zero_serve_nothing() =>
        Assert.That(new TestRoute().Stable(0, "10.0.0.1:80").Candidate(0, "10.0.0.2:80").Build().Split, Is.Null);

    [TestCase(true, true)]
    [TestCase(null, true)]
    [TestCase(false, false)]
    public void An_endpoint_takes_requests_unless_it_says_that_it_is_not_ready(bool? ready, bool expected)
    {
        var test = new TestRoute().Stable(100);
        test.Slices.Add(TestRoute.Slice("digits-r1", "s", "10.0.0.1:80", ready));

        Assert.That(test.Build().Split is not null, Is.EqualTo(expected));
    }

    [Test]
    public void The_last_pods_of_a_service_answer_while_they_end_but_not_beside_ready_ones()
    {
        static void End(Kubernetes.Models.V1EndpointSlice slice, bool serving) =>
            slice.Endpoints[0].Conditions = new Kubernetes.Models.V1EndpointConditions { Ready = false, Serving = serving, Terminating = true };
        var test = new TestRoute().Stable(100, "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        End(test.Slices[0], serving: true);
        End(test.Slices[1], serving: false);

        Assert.That(Addresses(test.Build()), Is.EqualTo(new[] { "http://10.0.0.3:80" }));
        End(test.Slices[2], serving: false);
        Assert.That(Addresses(test.Build()), Is.EqualTo(new[] { "http://10.0.0.1:80" }));

        static IEnumerable<string> Addresses(ModelRoute route) => route.Backends[0].Endpoints.Select(one => one.Address);
    }

    [Test]
    public void What_is_no_pod_address_or_has_no_port_of_that_name_is_left_out()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80");
        var named = TestRoute.Slice("digits-r1", "fqdn", "10.0.0.2:80");
        named.Endpoints[0].Addresses = ["pod.example.com"];
        var portless = TestRoute.Slice("digits-r1", "portless", "10.0.0.3:80");
        portless.Ports = null;
        var empty = TestRoute.Slice("digits-r1", "empty", "10.0.0.4:80");
        empty.Endpoints[0].Addresses = [];
        test.Slices.AddRange([named, portless, empty]);

        Assert.That(test.Build().Backends[0].Endpoints.Select(one => one.Address), Is.EqualTo(new[] { "http://10.0.0.1:80" }));
    }

    [Test]
    public void A_pod_named_by_two_slices_is_one_endpoint_and_an_IPv6_address_is_bracketed()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80", "10.0.0.1:80");
        var six = TestRoute.Slice("digits-r1", "six", "10.0.0.1:80");
        six.Endpoints[0].Addresses = ["fd00::1"];
        test.Slices.Add(six);

        Assert.That(test.Build().Backends[0].Endpoints.Select(one => one.Address), Is.EquivalentTo(new[] { "http://10.0.0.1:80", "http://[fd00::1]:80" }));
    }

    [Test]
    public void Endpoints_and_the_place_in_the_split_survive_a_new_version()
    {
        var before = new TestRoute().Stable(50, "10.0.0.1:80").Candidate(50, "10.0.0.2:80").Build();
        before.Backends[0].Endpoints[0].Enter();

        var after = new TestRoute(generation: 2).Stable(99, "10.0.0.1:80", "10.0.0.3:80").Candidate(1, "10.0.0.2:80").Build(before);

        Assert.That(after.Backends[0].Endpoints[0], Is.SameAs(before.Backends[0].Endpoints[0]));
        Assert.That(after.Cursor, Is.SameAs(before.Cursor));
    }

    [Test]
    public void A_candidate_of_one_percent_gets_its_share_although_the_route_is_rebuilt_after_every_request()
    {
        ModelRoute? route = null;
        var candidate = 0;
        for (var i = 0; i < 1000; i++)
        {
            route = new TestRoute().Stable(99, "10.0.0.1:80").Candidate(1, "10.0.0.2:80").Build(route);
            candidate += route.Split!.Next().Role == BackendRole.Candidate ? 1 : 0;
        }
        Assert.That(candidate, Is.EqualTo(10));
    }

    [Test]
    public void Any_number_of_threads_share_one_split()
    {
        var route = new TestRoute().Stable(97, "10.0.0.1:80").Candidate(3, "10.0.0.2:80").Build();
        var candidate = 0;

        Parallel.For(0, 20_000, _ =>
        {
            if (route.Split!.Next().Role == BackendRole.Candidate)
            {
                Interlocked.Increment(ref candidate);
            }
        });

        Assert.That(candidate, Is.EqualTo(600));
    }

    private static Dictionary<string, int> Shares(ModelRoute route, int requests) =>
        Enumerable.Range(0, requests).Select(_ => route.Split!.Next().Revision).CountBy(revision => revision).ToDictionary();
}
