namespace ModelOperator.Judgement.Sequential;

/// <summary>Bad events among all.</summary>
internal readonly record struct BadCount(long Bad, long Total)
{
    public double Rate => (double)Bad / Total;

    public static BadCount operator +(BadCount a, BadCount b) => new(a.Bad + b.Bad, a.Total + b.Total);

    /// <summary>From increases of counters. Two that were scraped at different moments may disagree; there are never more bad events than events.</summary>
    public static BadCount Of(double bad, double total)
    {
        var all = (long)Math.Round(Math.Max(0, total));
        return new BadCount(Math.Min(all, (long)Math.Round(Math.Max(0, bad))), all);
    }
}
