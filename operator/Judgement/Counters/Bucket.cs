namespace ModelOperator.Judgement.Counters;

/// <summary>A cumulative histogram bucket: how many observations were at most <paramref name="UpperBound"/>.</summary>
internal readonly record struct Bucket(double UpperBound, double Count);
