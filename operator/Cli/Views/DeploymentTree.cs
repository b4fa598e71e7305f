using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Output;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Views;

/// <summary>The tree from a ModelDeployment over its revisions to their pods.</summary>
internal static class DeploymentTree
{
    public static TextTable Of(DeploymentView view)
    {
        var table = new TextTable(
            new Column("NAME"), new Column("STATUS"), new Column("WEIGHT", 3), new Column("READY", 2), new Column("VERDICTS", 4), new Column("AGE", 5), new Column("INFO", 1))
        { HidesEmpty = true };
        var deployment = view.Deployment;
        table.Add(
            deployment.Metadata.Name,
            Marks.Phase(view.Status.Phase),
            "",
            $"{view.Status.ReadyReplicas ?? 0}/{view.Status.Replicas ?? 0}",
            "",
            Age.Since(deployment.Metadata.CreationTimestamp, view.Now),
            view.Status.Step is { Length: > 0 } step ? $"step {step}" : "");
        var revisions = view.ShownRevisions().ToList();
        for (var i = 0; i < revisions.Count; i++)
        {
            AddRevision(table, view, revisions[i], isLast: i == revisions.Count - 1);
        }

        return table;
    }

    private static void AddRevision(TextTable table, DeploymentView view, V1Alpha1ModelRevision revision, bool isLast)
    {
        var name = revision.Metadata.Name!;
        var arm = view.Arm(name);
        var pods = view.PodsOf(name).ToList();
        var ready = pods.Count(Api.Pods.PodDiagnosis.IsReady);
        table.Add(
            $"{(isLast ? "└─" : "├─")} {name}",
            Role(view, revision),
            (arm?.Weight, arm?.Mirror) switch
            {
                (_, > 0) => $"{arm!.Weight ?? 0} % (copy {arm.Mirror} %)",
                ({ } weight, _) => $"{weight} %",
                _ => "",
            },
            arm?.Replicas is { } wanted ? $"{arm.Ready ?? 0}/{wanted}" : pods.Count > 0 ? $"{ready}/{pods.Count}" : "",
            AnalysisTable.Counts(view.VerdictsOn(revision)),
            Age.Since(revision.Metadata.CreationTimestamp, view.Now),
            Info(revision));
        for (var i = 0; i < pods.Count; i++)
        {
            AddPod(table, view, pods[i], $"{(isLast ? "   " : "│  ")}{(i == pods.Count - 1 ? "└─" : "├─")} ");
        }
    }

    private static void AddPod(TextTable table, DeploymentView view, V1Pod pod, string branch)
    {
        var statuses = pod.Status?.ContainerStatuses ?? [];
        var restarts = statuses.Sum(status => status.RestartCount);
        var (state, info) = DeploymentView.Diagnose(pod) switch
        {
            _ when pod.Metadata.DeletionTimestamp is not null => (new Cell("◌ terminating", Tone.Muted), ""),
            null => (new Cell("✔ ready", Tone.Good), ""),
            { IsFailure: true } failure => (new Cell("✖ not ready", Tone.Bad), failure.Message),
            var start => (new Cell("◌ starting", Tone.Busy), start.Message),
        };
        table.Add(
            branch + pod.Metadata.Name,
            state,
            "",
            $"{statuses.Count(status => status.Ready == true)}/{Math.Max(statuses.Count, pod.Spec?.Containers?.Count ?? 0)}",
            "",
            Age.Since(pod.Metadata.CreationTimestamp, view.Now),
            string.Join("; ", new[] { restarts > 0 ? $"restarts {restarts}" : "", info }.Where(part => part.Length > 0)));
    }

    private static Cell Role(DeploymentView view, V1Alpha1ModelRevision revision)
    {
        var name = revision.Metadata.Name;
        if (name == view.Candidate)
        {
            return view.State == RolloutStates.Aborting ? new Cell("↩ taken back", Tone.Warning) : new Cell("◌ candidate", Tone.Busy);
        }

        if (name == view.Stable)
        {
            return view.State == RolloutStates.Baking ? new Cell("◌ stable, baking", Tone.Busy) : new Cell("✔ stable", Tone.Good);
        }

        return revision.Status?.Outcome switch
        {
            _ when name == view.Status.Rollout?.Previous => new Cell("• kept warm", Tone.Muted),
            RevisionOutcomes.RolledBack => new Cell("↩ rolled back", Tone.Warning),
            RevisionOutcomes.Promoted => new Cell("• was stable", Tone.Muted),
            RevisionOutcomes.Superseded => new Cell("• superseded", Tone.Muted),
            _ => new Cell("• idle", Tone.Muted),
        };
    }

    private static string Info(V1Alpha1ModelRevision revision)
    {
        var version = $"version {revision.Spec.Version}";
        return revision.Status is { Outcome: RevisionOutcomes.RolledBack, Reason: { Length: > 0 } reason } ? $"{version}; {reason}" : version;
    }
}
