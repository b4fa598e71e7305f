namespace ModelOperator.Judgement.Sequential;

/// <summary>Logarithms of rising factorials, which beta-binomial probabilities are made of.</summary>
internal static class RisingFactorial
{
    private const int Direct = 24;
    private const double Stirling = 12;

    /// <summary><c>ln(a (a + 1) ... (a + n - 1))</c>, that is <c>lnΓ(a + n) - lnΓ(a)</c>; 0 for n = 0.</summary>
    /// <param name="a">More than 0.</param>
    /// <param name="n">At least 0.</param>
    public static double Log(double a, long n) => n <= Direct ? LogProduct(a, n) : LogGamma(a + n) - LogGamma(a);

    private static double LogProduct(double a, long n)
    {
        var (sum, product) = (0.0, 1.0);
        for (var i = 0; i < n; i++)
        {
            product *= a + i;
            if (product is > 1e200 or < 1e-200)
            {
                (sum, product) = (sum + Math.Log(product), 1);
            }
        }

        return sum + Math.Log(product);
    }

    /// <summary>Stirling's series (Abramowitz and Stegun 6.1.41), shifted to where its first omitted term is below 1e-11.</summary>
    private static double LogGamma(double z)
    {
        var shift = 0.0;
        if (z < Stirling)
        {
            var steps = (long)Math.Ceiling(Stirling - z);
            shift = LogProduct(z, steps);
            z += steps;
        }

        var inverse = 1 / z;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return ((z - 0.5) * Math.Log(z)) - z + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
