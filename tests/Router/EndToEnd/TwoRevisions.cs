using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Hosting;

namespace ModelOperator.Router.Tests.EndToEnd;

/// <summary>A router with a stable pod and a candidate's behind it, new for every test.</summary>
/// <param name="stable">What stable does at first.</param>
/// <param name="candidate">What the candidate does at first.</param>
internal abstract class TwoRevisions(RequestDelegate stable, RequestDelegate candidate)
{
    protected FakeModel Stable { get; private set; } = null!;

    protected FakeModel Candidate { get; private set; } = null!;

    protected RouterUnderTest Router { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Stable = await FakeModel.StartAsync(stable);
        Candidate = await FakeModel.StartAsync(candidate);
        Router = await RouterUnderTest.StartAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await Router.DisposeAsync();
        await Candidate.DisposeAsync();
        await Stable.DisposeAsync();
    }

    /// <summary>Puts a router with other settings in the place of the one that was started.</summary>
    protected async Task RestartRouterAsync(RouterOptions options)
    {
        await Router.DisposeAsync();
        Router = await RouterUnderTest.StartAsync(options);
    }
}
