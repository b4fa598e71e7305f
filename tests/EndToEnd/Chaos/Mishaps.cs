using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>What is done to pods, routers and the API. Each returns when it has happened and been seen to happen.</summary>
internal sealed class Mishaps(InstalledCluster cluster, Fleet fleet, Readiness readiness, WeightChanger weights, Callers callers, Stopwatch clock) : IDisposable
{
    /// <summary>How long a router waits for a candidate while stable could answer.</summary>
    public static readonly TimeSpan CandidateTimeout = TimeSpan.FromSeconds(2);

    private const string ModelServer = "modelserver";
    private const string Router = "modelrouter";
    private const int Enough = 10;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Kills each pod of a model in turn, and waits until it is back and works.</summary>
    /// <param name="service">The model's.</param>
    /// <param name="signal">KILL, or SEGV as its own mistake would.</param>
    public async Task KillPodsAsync(string service, string signal)
    {
        var pods = readiness.PodsOf(service);
        foreach (var pod in pods)
        {
            var losses = readiness.LossesOf(service);
            var killed = cluster.ProcessesOf(ModelServer)[pod];
            // More than once: .NET takes a first SIGSEGV for a fault of its own that comes again as soon as its handler returns.
            await EventuallyAsync($"process {killed} is gone", async () =>
            {
                await Signals.SendAsync(killed, signal);
                return cluster.ProcessesOf(ModelServer).GetValueOrDefault(pod) != killed;
            });
            await UntilAsync($"{service} has lost the killed pod", () => readiness.LossesOf(service) > losses);
            await UntilAsync($"{service} has its pods back", () => readiness.PodsOf(service).Count == pods.Count);
            await UntilWorksAsync(pod);
        }
    }

    /// <summary>
    /// Suspends the API server for a while and kills one pod of a model meanwhile, of which nobody is told: routes and endpoints
    /// stay what they were.
    /// </summary>
    public async Task TakeApiAwayAsync(string service, TimeSpan time)
    {
        var pod = readiness.PodsOf(service)[0];
        await cluster.SuspendApiAsync();
        try
        {
            await Signals.SendAsync(cluster.ProcessesOf(ModelServer)[pod], "KILL");
            var from = clock.Elapsed;
            await Task.Delay(time, TimeProvider.System);
            await UntilAsync("requests were answered without it", () => callers.Count(ask => ask.SentAt >= from && ask.Failure is null) >= 5 * Enough);
        }
        finally
        {
            await cluster.ResumeApiAsync();
        }

        await UntilWorksAsync(pod);
    }

    /// <summary>Suspends the candidate's process until requests have been answered in its stead because it took too long.</summary>
    public async Task HangAsync(string candidate)
    {
        var process = cluster.ProcessesOf(ModelServer)[readiness.PodsOf(candidate).Single()];
        var from = clock.Elapsed;
        await Signals.SendAsync(process, "STOP");
        try
        {
            await UntilAsync("requests that hung were answered by stable", () => callers.Count(ask =>
                ask.SentAt >= from && ask.Took >= CandidateTimeout && ask is { Failure: null, Revision: { } who } && who != candidate) >= Enough);
        }
        finally
        {
            await Signals.SendAsync(process, "CONT");
        }
    }

    /// <summary>Puts a model that fails on some images in the candidate's place until stable has answered for it often enough.</summary>
    public async Task FailAsync(string failing, string candidate)
    {
        weights.Try(failing);
        await EventuallyAsync($"routers failed over from {failing}", async () => await FailoversOfAsync(failing) >= 2 * Enough);
        weights.Try(candidate);
        var place = weights.Latest + 1;
        await UntilAsync($"every router has {candidate} back", () => weights.IsServedSince(place));
    }

    /// <summary>Waits until every router has got an answer of the candidate.</summary>
    public async Task UntilWellAsync(string candidate)
    {
        await UntilAsync($"{candidate} is ready", () => readiness.PodsOf(candidate).Count > 0);
        var from = clock.Elapsed;
        await UntilAsync(
            $"every router has answers of {candidate}",
            () => fleet.Ready.All(router => callers.Count(ask => ask.SentAt >= from && ask.Router == router && ask.Revision == candidate) > 0));
    }

    /// <summary>Deletes a router's pod, as an upgrade or a drained node would, and waits until another has taken its place and it has ended.</summary>
    public async Task ReplaceRouterAsync()
    {
        var all = fleet.Ready;
        var address = all[0];
        var pods = await cluster.Client.ListAsync<V1Pod>(new ListOptions
        {
            NamespaceName = Installation.SystemNamespace,
            LabelSelector = $"{LabelNames.AppComponent}=router",
        });
        await cluster.Client.DeleteAsync<V1Pod>(pods.Items.Single(pod => pod.Status?.PodIP == address).Name(), Installation.SystemNamespace);
        await UntilAsync("another router has taken its place", () => fleet.Ready is var now && now.Length == all.Length && !now.Contains(address));
        await UntilAsync("the old router has ended", () => !cluster.ProcessesOf(Router).ContainsKey(address));
    }

    /// <summary>Kills a router's process, and waits until its node has started it again and it serves.</summary>
    public async Task KillRouterAsync()
    {
        var address = fleet.Ready[^1];
        var killed = cluster.ProcessesOf(Router)[address];
        fleet.Kill(address);
        await Signals.SendAsync(killed, "KILL");
        await UntilAsync("the router was started again", () => cluster.ProcessesOf(Router).TryGetValue(address, out var now) && now != killed);
        await EventuallyAsync("it is ready", () => IsReadyAsync(address));
        weights.Forget(address);
        await UntilAsync("the Service has it back", () => fleet.Ready.Contains(address));
        fleet.Revive(address);
    }

    public void Dispose() => _http.Dispose();

    // Not before it has answered requests do the routers know that it is there again.
    private async Task UntilWorksAsync(string pod) => await EventuallyAsync(
        $"{pod} answers requests again",
        async () => await MetricsPage.SumAsync(_http, pod, "modelserver_inference_total") >= Enough);

    private async Task<bool> IsReadyAsync(string address)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{address}:8081/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<double> FailoversOfAsync(string revision)
    {
        var each = await Task.WhenAll(fleet.Ready.Select(router => MetricsPage.SumAsync(_http, router, "modelrouter_failovers_total", $"revision=\"{revision}\"")));
        return each.Sum() ?? 0;
    }

    private Task UntilAsync(string expectation, Func<bool> isMet) => EventuallyAsync(expectation, () => Task.FromResult(isMet()));

    private Task EventuallyAsync(string expectation, Func<Task<bool>> isMet) => Eventually.IsTrueAsync(
        isMet, expectation, () => Task.FromResult<string?>($"routers {string.Join(' ', fleet.Ready)}; {readiness}"));
}
