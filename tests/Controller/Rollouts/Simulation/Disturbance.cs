using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <summary>Something that happens to the cluster, drawn from a number.</summary>
internal static class Disturbance
{
    private const int Kinds = 38;

    private static readonly string[] Hashes = ["a", "b", "c", "d"];
    private static readonly (RolloutStrategy, CapacityMode)[] Ways =
    [
        (RolloutStrategy.Canary, CapacityMode.Surge), (RolloutStrategy.Canary, CapacityMode.Shared), (RolloutStrategy.BlueGreen, CapacityMode.Surge),
        (RolloutStrategy.Recreate, CapacityMode.Surge),
    ];
    private static readonly JudgementDecision[] Verdicts =
        [JudgementDecision.Advance, JudgementDecision.Advance, JudgementDecision.Advance, JudgementDecision.Hold, JudgementDecision.Pause, JudgementDecision.Rollback];

    /// <summary>Lets it happen. Returns how many writes the operator lives for in the pass that follows.</summary>
    public static int Apply(int number, SimulatedCluster cluster)
    {
        var (kind, amount) = (number % Kinds, number / Kinds);
        var revisions = cluster.Revisions.Values.ToList();
        var revision = revisions.Count == 0 ? null : revisions[amount % revisions.Count];
        var router = cluster.Routers[amount % cluster.Routers.Count];
        switch (kind)
        {
            case < 5:
                cluster.Now += TimeSpan.FromSeconds((amount % 200) + 1);
                break;
            case < 8:
                revision?.OneBecomesReady();
                break;
            case < 12:
                revisions.ForEach(r => r.OneBecomesReady());
                break;
            case 12:
                revision?.OneDies();
                break;
            case 13:
                for (var i = 0; i < 10; i++)
                {
                    revision?.OneDies();
                }

                break;
            case < 18:
                cluster.RoutersCatchUp();
                break;
            case 18:
                router.Version = cluster.Routers.Max(r => r.Version);
                break;
            case 19:
                router.IsReady = !router.IsReady;
                break;
            case 20:
                cluster.Routers.ForEach(r => r.IsReady = true);
                break;
            case < 24:
                cluster.Verdict = Verdicts[amount % Verdicts.Length];
                break;
            case 24:
                cluster.WantedHash = Hashes[amount % Hashes.Length];
                break;
            case 25:
                cluster.WantedHash = amount % 3 == 0 ? $"n{cluster.Passes}" : cluster.WantedHash;
                break;
            case 26:
                cluster.Paused = amount % 3 == 0;
                break;
            case 27:
                cluster.Replicas = amount % 40 == 0 ? 0 : 1 + (amount % 6);
                break;
            case 28:
                cluster.Invalid = amount % 5 == 0;
                break;
            case 29:
                cluster.Steps = (amount % 3) switch
                {
                    0 => [new(10, "60s"), new(50, "60s")],
                    1 => [new(5, "30s"), new(10, "90s"), new(40, "10s"), new(100, "20s")],
                    _ => [new(0, "20s") { Mirror = 60 }, new(10, "evidence") { MinHold = "30s", MaxHold = "5m" }, new(30, "approval"), new(50, "evidence")],
                };
                break;
            case 30:
                _ = revision is null || (revision.Works = amount % 3 != 0);
                break;
            case 31:
                cluster.Proven = amount % 2 == 0;
                break;
            case < 36:
                Command(amount, cluster);
                break;
            case 36:
                (cluster.Strategy, cluster.Capacity) = Ways[amount % Ways.Length];
                break;
            default:
                return amount % 6;
        }

        return int.MaxValue;
    }

    // Half of the commands are about what is on trial, or they would nearly always be refused.
    private static void Command(int amount, SimulatedCluster cluster)
    {
        var (annotation, about) = (CommandReader.Annotations[amount % 5].Annotation, amount / 5);
        var revisions = cluster.Revisions.Keys.ToList();
        var revision = about % 2 == 0 || revisions.Count == 0 ? cluster.Rollout.OnTrial ?? "digits-r9" : revisions[about % revisions.Count];
        cluster.Annotations[annotation] = (about % 7) switch
        {
            0 => $"{revision}@{(about % 4) + 1}",
            1 => "?",
            _ => $"{revision}#{cluster.Passes}",
        };
        if (about % 11 == 0)
        {
            cluster.Annotations.Remove(CommandReader.Annotations[about % 5].Annotation);
        }
    }
}
