using System.Net;
using ModelOperator.Router.Tests.Routing;
using ModelOperator.TestSupport;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class DrainTests
{
    [Test]
    public async Task A_router_that_stops_serves_until_it_has_drained_and_ends_what_it_began()
    {
        var clock = new ManualTimeProvider();
        await using var model = await FakeModel.StartAsync();
        await using var router = await RouterUnderTest.StartAsync(RouterUnderTest.Options with { Drain = TimeSpan.FromSeconds(5) }, clock);
        router.Serve(new TestRoute().Stable(100, model.Address));
        var arrived = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        model.Behaviour = async context =>
        {
            arrived.SetResult();
            await goOn.Task;
            await FakeModel.Answers("late")(context);
        };
        var began = router.PostAsync([1]);
        await arrived.Task;
        model.Behaviour = FakeModel.Answers("ok");

        var stopping = router.App.StopAsync();
        using (var ready = await router.Http.GetAsync(new Uri(router.Health, "/readyz")))
        {
            Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }
        using (var meanwhile = await router.PostAsync([1]))
        {
            Assert.That(meanwhile.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(meanwhile.Headers.ConnectionClose, Is.True, "callers are asked to go elsewhere");
        }
        Assert.That(stopping.IsCompleted, Is.False);

        clock.Advance(TimeSpan.FromSeconds(5));
        goOn.SetResult();
        using var late = await began;
        Assert.That(await late.Content.ReadAsStringAsync(), Is.EqualTo("late"));
        await stopping;
    }
}
