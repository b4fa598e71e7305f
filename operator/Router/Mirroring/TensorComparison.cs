namespace ModelOperator.Router.Mirroring;

/// <summary>
/// Compares tensors by what they decide. Labels, counts and texts have to be equal. Real numbers agree when each is
/// within the tolerance, or, for rows of scores, when the highest score is in the same place: two versions of a
/// classifier are sure to different degrees and still say the same.
/// </summary>
internal static class TensorComparison
{
    /// <summary>The largest difference that means nothing, relative to the given value and absolute near zero.</summary>
    public const double RelativeTolerance = 0.01;

    public const double AbsoluteTolerance = 0.001;

    public static bool Disagree(V2Tensor given, V2Tensor candidate)
    {
        if (given.DataType != candidate.DataType || !given.Shape.AsSpan().SequenceEqual(candidate.Shape))
        {
            return true;
        }
        if (given.Texts is not null || candidate.Texts is not null)
        {
            return !(given.Texts ?? []).AsSpan().SequenceEqual(candidate.Texts);
        }
        ReadOnlySpan<double> expected = given.Numbers;
        ReadOnlySpan<double> actual = candidate.Numbers;
        if (expected.Length != actual.Length)
        {
            return true;
        }
        if (!given.IsReal)
        {
            return !expected.SequenceEqual(actual);
        }

        // The first dimension is the batch: one of it alone is a number for each item.
        var width = given.Shape is [_, .., > 1 and var last] && expected.Length % last == 0 ? (int)last : 1;
        for (var row = 0; row < expected.Length; row += width)
        {
            if (RowsDisagree(expected.Slice(row, width), actual.Slice(row, width)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool RowsDisagree(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var close = true;
        var (highest, other) = (0, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            close &= IsClose(expected[i], actual[i]);
            if (!double.IsNaN(expected[i]) && double.IsNaN(actual[i]))
            {
                return true;
            }
            highest = expected[i] > expected[highest] ? i : highest;
            other = actual[i] > actual[other] ? i : other;
        }
        // Two scores that are as good as equal may change places.
        return !close && (expected.Length == 1 || (highest != other && !IsClose(expected[highest], expected[other])));
    }

    private static bool IsClose(double expected, double actual) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= AbsoluteTolerance + (RelativeTolerance * Math.Abs(expected));
}
