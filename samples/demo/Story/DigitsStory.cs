using System.Globalization;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;

namespace ModelOperator.Demo.Story;

/// <summary>The life of the digits model: a first version, a better one, and three that are worse each in its way.</summary>
internal sealed class DigitsStory(
    Repository repository,
    Kubectl kubectl,
    Installation installation,
    RouterCounters routers,
    DeploymentFollower digits,
    Timeline timeline,
    Claims claims,
    TimeProvider time)
{
    private const int RequestsPerSecond = 60;

    private readonly SampleModels _models = SampleModels.Load(repository.PathOf("samples", "digits", "models.json"));
    private readonly HeldOutDigits _heldOut = HeldOutDigits.Load(repository.PathOf("samples", "digits", "heldout.json"));

    /// <summary>Plays all acts.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var router = await installation.RouterAsync(cancellationToken);
        using var client = new ModelClient(router, "default", "digits", time);

        timeline.Act("1. A first version");
        await FirstVersionAsync(client, cancellationToken);

        await using var callers = new TrafficGenerator(client, _heldOut, RequestsPerSecond, time);
        timeline.Say("callers", $"from here on {RequestsPerSecond} requests a second, through the router, without a pause");

        timeline.Act("2. A better version, and the operator stopped half-way");
        await BetterVersionAsync(callers, cancellationToken);

        timeline.Act("3. A version that is fast, sure and wrong");
        await WrongVersionAsync(callers, cancellationToken);

        timeline.Act("4. A version that crashes on some images");
        await WorseVersionAsync("crashing", "errors", callers, cancellationToken);

        timeline.Act("5. A version that is right but slow");
        await WorseVersionAsync("slow", "latency", callers, cancellationToken);

        timeline.Act("6. What is left");
        await TheEndAsync(client, callers, cancellationToken);
    }

    private async Task FirstVersionAsync(ModelClient client, CancellationToken cancellationToken)
    {
        await kubectl.RunAsync(cancellationToken, "apply", "-f", repository.PathOf("samples", "digits", "policy.yaml"));
        await ApplyAsync("v1", cancellationToken);
        await digits.UntilAsync("version 1 is Available", d => IsServing(d, _models["v1"]), TimeSpan.FromSeconds(60), cancellationToken);

        var answers = await Task.WhenAll(_heldOut.Digits.Chunk(8).Select(async chunk =>
        {
            var part = new List<Answer>();
            foreach (var digit in chunk)
            {
                part.Add(await client.AskAsync(digit, cancellationToken));
            }

            return part;
        }));
        var all = answers.SelectMany(part => part).ToList();
        var accuracy = AccuracyOf(all);
        claims.Check(
            "version 1 classifies the held-out digits, through the router, at its recorded accuracy",
            accuracy == _models["v1"].Accuracy,
            $"{accuracy} of {all.Count} images, recorded {_models["v1"].Accuracy}");
    }

    private async Task BetterVersionAsync(TrafficGenerator callers, CancellationToken cancellationToken)
    {
        var mark = callers.Mark;
        await ApplyAsync("v2", cancellationToken);
        var stepping = await digits.UntilAsync(
            "version 2 gets half of the requests", d => d.Status.Candidate?.Weight == 50, TimeSpan.FromSeconds(60), cancellationToken);
        var revision = stepping.Status.Candidate?.Revision ?? "";

        timeline.Say("you", "kubectl delete pod -l app.kubernetes.io/component=operator");
        await kubectl.RunAsync(
            cancellationToken,
            "delete", "pod", "--namespace", Installation.SystemNamespace, "--selector", "app.kubernetes.io/component=operator");
        await digits.UntilAsync("version 2 is promoted", d => IsServing(d, _models["v2"]), TimeSpan.FromSeconds(90), cancellationToken);

        var weights = digits.Routes.WeightsOf(revision);
        claims.Check(
            "version 2 went 10 -> 50 -> 100 and was promoted, though the operator was stopped in the middle of a step",
            weights.Where(w => w > 0).SequenceEqual([10, 50, 100]),
            $"weights {string.Join(" -> ", weights)}");
        var (copies, disagreements) = await routers.CopiesOfAsync(revision, cancellationToken);
        claims.Check(
            "before that it answered copies only, and what it corrected was not held against it",
            digits.Routes.CopiesOf(revision).Where(c => c > 0).SequenceEqual([100]) && disagreements > 0,
            $"it differed on {disagreements} of {copies} copies");
        CheckNoFailure("while version 2 was rolled out", callers.Since(mark));
    }

    private async Task WrongVersionAsync(TrafficGenerator callers, CancellationToken cancellationToken)
    {
        var mark = callers.Mark;
        var revision = await RolledBackAsync("skewed", "disagreement", cancellationToken);
        var answers = callers.Since(mark);
        var given = answers.Count(a => a.Revision == revision || a.Digest == _models["skewed"].Sha256);
        claims.Check("skewed was gone before any caller had an answer of it", given == 0 && answers.Count > 0, $"{given} of {answers.Count} answers");

        var weights = digits.Routes.WeightsOf(revision);
        var (copies, disagreements) = await routers.CopiesOfAsync(revision, cancellationToken);
        claims.Check(
            "it was judged by copies of their requests alone",
            weights.All(w => w == 0) && digits.Routes.CopiesOf(revision).Max() == 100 && copies > 0,
            $"it differed on {disagreements} of {copies} copies, its highest weight was {weights.Max()} %");
        CheckNoFailure("while skewed was on trial", answers);
    }

    private async Task WorseVersionAsync(string name, string metric, TrafficGenerator callers, CancellationToken cancellationToken)
    {
        var mark = callers.Mark;
        var revision = await RolledBackAsync(name, metric, cancellationToken);
        await CheckShareAsync(name, revision, callers.Since(mark), cancellationToken);
        CheckNoFailure($"while {name} was on trial", callers.Since(mark));
    }

    private async Task<string> RolledBackAsync(string name, string metric, CancellationToken cancellationToken)
    {
        var before = digits.Current?.Status.LastRollback?.From;
        await ApplyAsync(name, cancellationToken);
        var settled = await digits.UntilAsync(
            $"{name} is rolled back",
            d => d.Status.Phase == "RolledBack" && d.Status.LastRollback?.From is { } from && from != before && d.Status.Candidate is null,
            TimeSpan.FromSeconds(60),
            cancellationToken);
        var rollback = settled.Status.LastRollback!;
        claims.Check(
            $"{name} was rolled back by the metric {metric}", rollback.Metric == metric, $"{rollback.Metric}: {rollback.Reason}");
        return rollback.From!;
    }

    private async Task TheEndAsync(ModelClient client, TrafficGenerator callers, CancellationToken cancellationToken)
    {
        var last = await client.AskAsync(_heldOut.Digits[0], cancellationToken);
        claims.Check(
            "the bytes that answer at the end are version 2's", last.Digest == _models["v2"].Sha256, $"x-model-digest {last.Digest}");
        await callers.DisposeAsync();
        CheckNoFailure("in the whole story", callers.Since(0));
    }

    private async Task CheckShareAsync(string name, string revision, IReadOnlyList<Answer> answers, CancellationToken cancellationToken)
    {
        var highest = digits.Routes.WeightsOf(revision).DefaultIfEmpty(0).Max();
        claims.Check($"{name} was never given more than its step of 10 %", highest is > 0 and <= 10, $"highest weight {highest} %");

        var (from, to) = digits.Routes.OnTrial(revision);
        var onTrial = answers.Count(a => a.SentAt >= from && a.SentAt <= to);
        var attempts = await routers.RequestsOfAsync(revision, cancellationToken);
        // A route change is seen here a moment after or before the router follows it: that much at each edge.
        const double edges = 0.25 * RequestsPerSecond * 0.10;
        claims.Check(
            $"{name} never got more than that either",
            attempts > 0 && attempts <= (onTrial * 0.10) + 2 + edges,
            $"the router sent it {attempts} of {onTrial} requests");
    }

    private void CheckNoFailure(string when, IReadOnlyList<Answer> answers)
    {
        var failures = answers.Where(a => a.Failure is not null).ToList();
        claims.Check(
            $"not one request failed {when}",
            failures.Count == 0 && answers.Count > 0,
            failures.Count == 0 ? $"{answers.Count} requests" : $"{failures.Count} of {answers.Count}, first: {failures[0].Failure}");
    }

    private async Task ApplyAsync(string name, CancellationToken cancellationToken)
    {
        timeline.Say("you", $"kubectl apply -f samples/digits/{name}.yaml");
        await installation.ApplyRenderedAsync(repository.PathOf("samples", "digits", $"{name}.yaml"), cancellationToken);
    }

    private static bool IsServing(V1Alpha1ModelDeployment deployment, SampleModels.SampleModel model) =>
        deployment.Status.Phase == "Available"
        && deployment.Status.Candidate is null
        && deployment.Status.Stable is { } stable
        && stable.Version == model.Version
        && stable.Digest == model.Sha256;

    private static string AccuracyOf(List<Answer> answers) =>
        ((double)answers.Count(a => a.Correct) / answers.Count).ToString("0.0000", CultureInfo.InvariantCulture);
}
