namespace ModelOperator.Judgement.Sequential;

/// <summary>Stable's events of one interval.</summary>
/// <param name="All">Over all pods.</param>
/// <param name="Pods">By the pod that counted them; empty when that is not known.</param>
internal sealed record StableCounts(BadCount All, IReadOnlyList<BadCount> Pods)
{
    public StableCounts(BadCount all)
        : this(all, [])
    {
    }

    public long Bad => All.Bad;

    public long Total => All.Total;
}
