namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>The steps an evaluation may still take. One step is about one operation, or ten characters, as in Kubernetes' cost units.</summary>
internal sealed class CelBudget(long limit)
{
    /// <summary>Kubernetes' limit for one rule (<c>PerCallLimit</c>) and for all rules of one object (<c>RuntimeCELCostBudget</c>).</summary>
    public const long PerRule = 1_000_000, PerObject = 10_000_000;

    public long Spent { get; private set; }

    /// <exception cref="CelBudgetExceededException">Nothing is left.</exception>
    public void Spend(long steps = 1)
    {
        Spent += steps;
        if (Spent > limit)
        {
            throw new CelBudgetExceededException();
        }
    }

    /// <summary>Pays for a walk through so many characters.</summary>
    public void SpendText(long characters) => Spend(1 + characters / 10);
}
