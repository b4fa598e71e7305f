using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Planning;

/// <summary>What applying a ModelDeployment would do.</summary>
/// <param name="Name">The ModelDeployment.</param>
/// <param name="Effect">What happens, in a word for programs.</param>
/// <param name="Summary">The same as a sentence.</param>
/// <param name="Steps">The rollout, in order; empty when there is none.</param>
/// <param name="Pods">Most pods at a time, both revisions together.</param>
/// <param name="Devices">The devices that they hold, for example <c>4 nvidia.com/gpu</c>; null: none.</param>
internal sealed record RolloutForecast(string Name, PlannedEffect Effect, string Summary, IReadOnlyList<ForecastStep> Steps, int Pods, string? Devices)
{
    /// <param name="wanted">What is to be applied.</param>
    /// <param name="present">What is there; null: nothing of that name.</param>
    /// <param name="revisions">The records of its revisions, the newest first.</param>
    /// <param name="now">The time at which it is applied.</param>
    public static RolloutForecast Of(V1Alpha1ModelDeployment wanted, V1Alpha1ModelDeployment? present, IReadOnlyList<V1Alpha1ModelRevision> revisions, DateTimeOffset now)
    {
        var (name, replicas) = (wanted.Name(), wanted.Spec.Replicas ?? 1);
        var hash = ContentHash.Of(wanted.Spec);
        var asked = revisions.FirstOrDefault(revision => revision.Spec.ContentHash == hash);
        var stable = revisions.FirstOrDefault(revision => revision.Name() == present?.Status?.Stable?.Revision);
        var next = $"{name}-r{revisions.Select(revision => revision.Spec.Number).DefaultIfEmpty(0).Max() + 1}";
        RolloutForecast Nothing(PlannedEffect effect, string summary) => new(name, effect, summary, [], replicas, DevicesOf(wanted.Spec, replicas));

        if (stable is null)
        {
            return asked is not null
                ? Nothing(PlannedEffect.None, $"no new revision: {asked.Name()} is what it asks for, and is starting")
                : Nothing(PlannedEffect.FirstRevision, $"{next} is the first revision: it gets everything as soon as it is ready");
        }

        if (asked == stable)
        {
            return Nothing(PlannedEffect.None, present!.Status.Candidate?.Revision is { } candidate
                ? $"{candidate} is taken back, for the spec asks for {stable.Name()} again"
                : $"no new revision: {stable.Name()} serves what it asks for");
        }

        if (present!.Status.RejectedRevisions?.Contains(hash) == true)
        {
            return Nothing(PlannedEffect.Rejected, $"nothing: {asked?.Name() ?? "what it asks for"} was rolled back and is not tried again by itself; kubectl model retry {name}");
        }

        if (asked is not null && asked.Name() == present.Status.Candidate?.Revision)
        {
            return Nothing(PlannedEffect.None, $"no new revision: {asked.Name()}, what it asks for, is on trial; changed steps count from the next one on");
        }

        var revision = asked?.Name() ?? next;
        var superseded = present.Status.Candidate?.Revision is { } other ? $"; {other}, which is on trial, is superseded" : "";
        var plan = ForecastStep.Of(wanted.Spec, now);
        var pods = PeakPods(wanted.Spec.Rollout, replicas);
        return new RolloutForecast(
            name,
            asked is null ? PlannedEffect.NewRevision : PlannedEffect.OldRevision,
            $"{(asked is null ? $"{revision} is made" : $"{revision} of the history is tried again")} and takes over from {stable.Name()}{superseded}",
            wanted.Spec.Rollout?.Paused == true ? [] : plan,
            pods,
            DevicesOf(wanted.Spec, pods));
    }

    private static int PeakPods(RolloutSettings? rollout, int replicas) =>
        rollout is { Strategy: "Recreate" } or { Capacity: "Shared" } ? replicas : 2 * replicas;

    private static string? DevicesOf(ModelDeploymentSpec spec, int pods) => spec.Accelerator is { } accelerator
        ? $"{pods * (accelerator.Count ?? 1)} {(accelerator.MigProfile is { } profile ? $"nvidia.com/mig-{profile}" : accelerator.Resource ?? "nvidia.com/gpu")}"
        : null;
}
