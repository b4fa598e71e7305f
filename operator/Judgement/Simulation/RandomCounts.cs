namespace ModelOperator.Judgement.Simulation;

/// <summary>Random counts, the same for the same seed.</summary>
internal sealed class RandomCounts(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A count with this mean whose variance is <paramref name="dispersion"/> times it: Poisson, or negative binomial above 1.</summary>
    public long Next(double mean, double dispersion = 1)
    {
        if (mean <= 0)
        {
            return 0;
        }

        return dispersion <= 1 ? Poisson(mean) : Poisson(Gamma(mean / (dispersion - 1)) * (dispersion - 1));
    }

    private long Poisson(double mean)
    {
        // Knuth's method by halves: its product underflows above some hundreds, and its time is the count itself.
        long count = 0;
        while (mean > 30)
        {
            // Of the events of a Poisson process, the n-th comes at a gamma time; the others are binomial or Poisson after it (Ahrens and Dieter 1974).
            var n = (long)Math.Floor(mean * 7 / 8);
            var time = Gamma(n);
            if (time > mean)
            {
                return count + Binomial(n - 1, mean / time);
            }

            count += n;
            mean -= time;
        }

        var product = _random.NextDouble();
        for (var limit = Math.Exp(-mean); product > limit; product *= _random.NextDouble())
        {
            count++;
        }

        return count;
    }

    private long Binomial(long n, double p)
    {
        // By waiting times for the rarer outcome.
        if (p > 0.5)
        {
            return n - Binomial(n, 1 - p);
        }

        if (p <= 0)
        {
            return 0;
        }

        long count = 0;
        var log = Math.Log(1 - p);
        for (var at = Skip(); at <= n; at += Skip())
        {
            count++;
        }

        return count;

        double Skip() => Math.Floor(Math.Log(1 - _random.NextDouble()) / log) + 1;
    }

    /// <summary>Marsaglia and Tsang, 2000.</summary>
    private double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(1 - _random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v *= v * v;
            if (Math.Log(1 - _random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
