using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Telemetry;
using ModelOperator.Telemetry.Prometheus;
using ModelOperator.TestSupport;

namespace ModelOperator.Router.Tests.Routing;

internal sealed class RouteFollowerTests
{
    private FakeInformer<V1Alpha1ModelRoute> _routes = null!;
    private FakeInformer<V1EndpointSlice> _slices = null!;
    private ServiceProvider _services = null!;
    private RouteStore _store = null!;
    private RouteFollower _follower = null!;
    private ManualTimeProvider _time = null!;
    private string _path = "";

    [SetUp]
    public void Begin()
    {
        _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"routes-{Guid.NewGuid():n}.json");
        Start();
    }

    private void Start()
    {
        _time = new ManualTimeProvider();
        _routes = new FakeInformer<V1Alpha1ModelRoute>();
        _slices = new FakeInformer<V1EndpointSlice>();
        _services = new ServiceCollection().AddLogging().AddPrometheusMetrics(RouterMetrics.MeterName).BuildServiceProvider();
        _store = new RouteStore(new RouterMetrics(
            _services.GetRequiredService<IMeterFactory>(), _services.GetRequiredService<PrometheusExporter>()));
        _follower = new RouteFollower(
            _routes, _slices, _store, new SnapshotFile(_path, NullLogger<SnapshotFile>.Instance), _time, NullLogger<RouteFollower>.Instance);
    }

    [TearDown]
    public void Stop()
    {
        _follower.Dispose();
        _services.Dispose();
        File.Delete(_path);
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
    public async Task It_has_synced_when_both_kinds_have()
    {
        await _follower.StartAsync(CancellationToken.None);
        _routes.Sync();
        Assert.That(_follower.HasSynced, Is.False);
        _slices.Sync();
        Assert.That(() => _follower.HasSynced, Is.True.After(30_000, 10));
        await _follower.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task The_last_known_routes_are_kept_on_disk_and_serve_at_the_start_until_both_kinds_have_been_read()
    {
        await WriteSnapshotAsync(new TestRoute(generation: 7).Stable(90, "10.0.0.1:80").Candidate(10, "10.0.0.2:80"), new TestRoute("other").Stable(100, "10.0.0.3:80"));

        Start();
        await _follower.StartAsync(CancellationToken.None);
        Assert.That(_follower.HasSynced, Is.True, "ready without the API");
        Assert.That(Endpoints(), Is.EqualTo(new[] { "http://10.0.0.1:80", "http://10.0.0.2:80" }));
        Assert.That(_store.Current.Routes.Single(route => route.Name == "digits").Generation, Is.EqualTo(7));

        var changed = new TestRoute(generation: 8).Stable(100, "10.0.0.4:80");
        _routes.Set(changed.Resource);
        _routes.Sync();
        Assert.That(Endpoints(), Is.EqualTo(new[] { "http://10.0.0.1:80", "http://10.0.0.2:80" }), "a route without its pods would serve nobody");

        changed.Slices.ForEach(_slices.Set);
        _slices.Sync();
        Assert.That(Endpoints, Is.EqualTo(new[] { "http://10.0.0.4:80" }).After(30_000, 10));
        Assert.That(() => _store.Current.Routes, Has.Count.EqualTo(1).After(30_000, 10), "what was deleted meanwhile is gone");
        await _follower.StopAsync(CancellationToken.None);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[1]")]
    public async Task A_snapshot_that_cannot_be_read_is_left_out(string text)
    {
        await File.WriteAllTextAsync(_path, text);
        await _follower.StartAsync(CancellationToken.None);

        Assert.That(_follower.HasSynced, Is.False);
        await _follower.StopAsync(CancellationToken.None);
    }

    // Leaves everything stopped and the file written.
    private async Task WriteSnapshotAsync(params TestRoute[] routes)
    {
        await _follower.StartAsync(CancellationToken.None);
        foreach (var route in routes)
        {
            _routes.Set(route.Resource);
            route.Slices.ForEach(_slices.Set);
        }
        _routes.Sync();
        _slices.Sync();
        Assert.That(() => _time.PendingTimers, Is.Not.Empty.After(30_000, 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(() => File.Exists(_path), Is.True.After(30_000, 10));
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
        _services.Dispose();
    }

    private IEnumerable<string> Endpoints() =>
        _store.Current.Routes.Single(route => route.Key == ModelRouteBuilder.KeyOf("default", "digits"))
            .Backends.SelectMany(backend => backend.Endpoints).Select(endpoint => endpoint.Address);
}
