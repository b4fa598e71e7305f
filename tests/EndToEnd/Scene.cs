using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>One ModelDeployment of a test, with callers of its own; it is deleted at the end.</summary>
internal sealed class Scene(InstalledCluster cluster, string name) : IAsyncDisposable
{
    private const int RequestsPerSecond = 40;

    private ModelClient? _caller;
    private TrafficGenerator? _callers;

    /// <summary>Applies a version of the model, as kubectl or a GitOps controller would.</summary>
    public Task ApplyAsync(string model, Action<ModelDeploymentSpec>? edit = null) =>
        cluster.Client.ApplyAsync(Digits.Deployment(cluster, name, model, edit), fieldManager: "gitops");

    /// <summary>Starts callers that do not stop until the end.</summary>
    public void Call(ModelClient caller, HeldOutDigits heldOut)
    {
        _caller = caller;
        _callers = new TrafficGenerator(caller, heldOut, RequestsPerSecond, TimeProvider.System);
    }

    /// <summary>The answers that its callers have had so far.</summary>
    public IReadOnlyList<Answer> Answers => _callers!.Since(0);

    public async Task<V1Alpha1ModelDeployment> GetAsync() =>
        await cluster.Client.GetAsync<V1Alpha1ModelDeployment>(name, "default") ?? throw new InvalidOperationException($"{name} is gone");

    public async Task<string?> OutcomeAsync(string revision) =>
        (await cluster.Client.GetAsync<V1Alpha1ModelRevision>(revision, "default"))?.Status.Outcome;

    /// <summary>Waits for a status that is about the present spec.</summary>
    public Task UntilAsync(string expectation, Func<V1Alpha1ModelDeployment, bool> isMet) => Eventually.IsTrueAsync(
        async () => await GetAsync() is var d && d.Status.ObservedGeneration == d.Metadata.Generation && isMet(d),
        expectation,
        async () => $"""
            {await cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mdep", name, "-o", "yaml")}
            the operator says:
            {await cluster.Kubectl.RunAsync(CancellationToken.None, "logs", "--namespace", Installation.SystemNamespace, "deployment/modeloperator", "--tail=20")}
            """);

    public async Task AssertNothingFailedAsync()
    {
        await _callers!.DisposeAsync();
        var answers = _callers.Since(0);
        Assert.That(answers, Has.Count.GreaterThan(RequestsPerSecond));
        Assert.That(answers.Where(answer => answer.Failure is not null).Select(answer => answer.Failure).Distinct(), Is.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        if (_callers is not null)
        {
            await _callers.DisposeAsync();
        }

        _caller?.Dispose();
        await cluster.Client.DeleteAsync<V1Alpha1ModelDeployment>(name, "default");
    }
}
