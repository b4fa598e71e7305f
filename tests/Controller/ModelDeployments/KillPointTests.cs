using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

/// <summary>Ends the operator between writes: the one that follows comes to the same end, and tells the same.</summary>
public sealed class KillPointTests
{
    [Test]
    public async Task An_operator_that_dies_between_any_two_writes_is_followed_by_one_that_comes_to_the_same()
    {
        var reference = await LifeAsync(int.MaxValue, () => int.MaxValue);
        Assert.That(reference.Writes, Is.GreaterThan(60), "the life is too short to mean anything");
        for (var point = 0; point < reference.Writes; point++)
        {
            AssertSame(await LifeAsync(point, () => int.MaxValue), reference, $"killed before write {point + 1}");
        }
    }

    [Test]
    public async Task An_operator_that_dies_again_and_again_is_followed_by_one_that_comes_to_the_same()
    {
        var reference = await LifeAsync(int.MaxValue, () => int.MaxValue);
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var life = await LifeAsync(random.Next(4), () => random.Next(4));
            Assert.That(life.Kills, Is.GreaterThan(20));
            AssertSame(life, reference, $"seed {seed}");
        }
    }

    /// <summary>A promotion with a step that a person ends, then a rollback.</summary>
    /// <param name="first">Writes that the first process lives for.</param>
    /// <param name="next">Writes that each later one lives for.</param>
    private static async Task<Life> LifeAsync(int first, Func<int> next)
    {
        using var bench = new OperatorBench();
        bench.Cluster.WritesLeft = first;
        var kills = 0;
        async Task Rest()
        {
            while (true)
            {
                try
                {
                    await bench.RunToRestAsync();
                    return;
                }
                catch (ProcessKilledException)
                {
                    // However short its lives are, something must get done in the end.
                    kills++;
                    bench.Cluster.WritesLeft = kills > 200 ? int.MaxValue : next();
                    bench.Restart();
                    bench.Kubelet();
                }
            }
        }

        bench.Apply("1");
        await Rest();
        bench.Apply("2");
        await Rest();
        bench.Cluster.Annotate(bench.Deployment, CommandAnnotations.Promote, "digits-r2@1", "kubectl");
        foreach (var seconds in new[] { 0, 10, 5 })
        {
            bench.Clock.Now += TimeSpan.FromSeconds(seconds);
            await Rest();
        }

        bench.Apply("3");
        await Rest();
        bench.Judge.Decision = JudgementDecision.Rollback;
        await Rest();

        var created = bench.Cluster.Writes.Where(write => write.StartsWith("create Event", StringComparison.Ordinal)).Select(write => write.Split(' ')[^1]);
        var reasons = bench.Cluster.All<Corev1Event>().ToDictionary(e => e.Name(), e => e.Reason);
        var revisions = bench.Cluster.All<V1Alpha1ModelRevision>();
        return new Life(
            [.. created.Select(name => reasons[name])],
            [
                $"{bench.Status.Phase} {bench.Status.Stable!.Revision} {bench.Status.Message}",
                .. bench.Route.Select(arm => $"{arm.Revision} {arm.Weight} %"),
                .. revisions.Select(revision => $"{revision.Name()} {revision.Status.Outcome}: {revision.Status.Reason}"),
                .. revisions.SelectMany(revision => revision.Status.Commands ?? []).Select(command => $"{command.Command} {command.Text}"),
                .. bench.Cluster.All<V1Deployment>().Select(workload => $"{workload.Name()} {workload.Spec!.Replicas} pods"),
            ],
            bench.Cluster.Writes.Count,
            kills);
    }

    private static void AssertSame(Life life, Life reference, string where) => Assert.Multiple(() =>
    {
        Assert.That(life.Events, Is.EqualTo(reference.Events), where);
        Assert.That(life.End, Is.EqualTo(reference.End), where);
    });

    private sealed record Life(IReadOnlyList<string?> Events, IReadOnlyList<string> End, int Writes, int Kills);
}
