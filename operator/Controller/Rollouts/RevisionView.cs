namespace ModelOperator.Controller.Rollouts;

/// <summary>A revision and its pods, as seen in this pass.</summary>
/// <param name="Name">The ModelRevision's name.</param>
/// <param name="ContentHash">What it is a revision of.</param>
/// <param name="Replicas">Pods asked for so far; 0 when there is no workload.</param>
/// <param name="Ready">Pods that are ready and serve the pinned bytes.</param>
/// <param name="WasStable">Whether it has been stable, now or before.</param>
/// <param name="Diagnosis">Why a pod is not ready, in words; null when none is known to be in trouble.</param>
internal sealed record RevisionView(string Name, string ContentHash, int Replicas, int Ready, bool WasStable = false, string? Diagnosis = null)
{
    /// <summary>Pods that there are, those that are being stopped among them: the room it takes.</summary>
    public int Pods { get; init; }
}
