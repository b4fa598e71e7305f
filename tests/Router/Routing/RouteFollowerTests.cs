using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Router.Tests.Routing;

internal sealed class RouteFollowerTests
{
    private FakeInformer<V1Alpha1ModelRoute> _routes = null!;
    private FakeInformer<V1EndpointSlice> _slices = null!;
    private ServiceProvider _services = null!;
    private RouteStore _store = null!;
    private RouteFollower _follower = null!;

    [SetUp]
    public void Start()
    {
        _routes = new FakeInformer<V1Alpha1ModelRoute>();
        _slices = new FakeInformer<V1EndpointSlice>();
        _services = new ServiceCollection().AddLogging().AddPrometheusMetrics(RouterMetrics.MeterName).BuildServiceProvider();
        _store = new RouteStore(new RouterMetrics(
            _services.GetRequiredService<IMeterFactory>(), _services.GetRequiredService<PrometheusExporter>()));
        _follower = new RouteFollower(_routes, _slices, _store, NullLogger<RouteFollower>.Instance);
    }

    [TearDown]
    public void Stop()
    {
        _follower.Dispose();
        _services.Dispose();
    }

    [Test]
    public void It_does_not_matter_which_kind_arrives_first()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80").Candidate(0, "10.0.0.2:80");

        _slices.Set(test.Slices[0]);
        _routes.Set(test.Resource);
        _slices.Set(test.Slices[1]);

        Assert.That(Endpoints(), Is.EqualTo(new[] { "http://10.0.0.1:80", "http://10.0.0.2:80" }));
    }

    [Test]
    public void A_pod_that_becomes_unready_is_gone_with_the_event()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80", "10.0.0.2:80");
        _routes.Set(test.Resource);
        test.Slices.ForEach(_slices.Set);

        _slices.Set(TestRoute.Slice("digits-r1", test.Slices[0].Metadata.Name!, "10.0.0.1:80", ready: false));
        Assert.That(Endpoints(), Is.EqualTo(new[] { "http://10.0.0.2:80" }));

        _slices.Delete(test.Slices[1]);
        Assert.That(Endpoints(), Is.Empty);
    }

    [Test]
    public void A_slice_that_moves_to_another_service_leaves_the_first()
    {
        var test = new TestRoute().Stable(100, "10.0.0.1:80");
        _routes.Set(test.Resource);
        _slices.Set(test.Slices[0]);

        _slices.Set(TestRoute.Slice("another", test.Slices[0].Metadata.Name!, "10.0.0.1:80"));

        Assert.That(Endpoints(), Is.Empty);
    }

    [Test]
    public void A_service_of_the_same_name_in_another_namespace_is_another()
    {
        var test = new TestRoute().Stable(100);
        _routes.Set(test.Resource);
        var slice = TestRoute.Slice("digits-r1", "elsewhere", "10.0.0.9:80");
        slice.Metadata.NamespaceProperty = "other";

        _slices.Set(slice);

        Assert.That(Endpoints(), Is.Empty);
    }

    [Test]
    public void A_new_generation_replaces_the_route_and_a_deletion_ends_it()
    {
        _routes.Set(new TestRoute(generation: 1).Stable(100).Resource);
        var second = new TestRoute(generation: 2).Stable(90).Candidate(10).Resource;
        _routes.Set(second);
        Assert.That(_store.Current.TryFind("default/digits", out var route) ? route.Generation : 0, Is.EqualTo(2));

        _routes.Delete(second);
        Assert.That(_store.Current.Routes, Is.Empty);
    }

    [Test]
    public void It_has_synced_when_both_kinds_have()
    {
        _routes.HasSynced = true;
        Assert.That(_follower.HasSynced, Is.False);
        _slices.HasSynced = true;
        Assert.That(_follower.HasSynced, Is.True);
    }

    private IEnumerable<string> Endpoints() =>
        _store.Current.Routes.Single(route => route.Key == ModelRouteBuilder.KeyOf("default", "digits"))
            .Backends.SelectMany(backend => backend.Endpoints).Select(endpoint => endpoint.Address);
}
