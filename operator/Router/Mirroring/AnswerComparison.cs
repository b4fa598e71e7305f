namespace ModelOperator.Router.Mirroring;

/// <summary>
/// Tells whether a candidate's answer means the same as the one that the caller got. Answers that are not of the open
/// inference protocol (V2), over HTTP or gRPC, are compared by their status only: nothing is known of what their differences mean.
/// </summary>
internal static class AnswerComparison
{
    /// <summary>Compares.</summary>
    /// <param name="given">What the caller got.</param>
    /// <param name="candidate">What the candidate answered.</param>
    public static bool Disagree(in Answer given, in Answer candidate)
    {
        if (given.Status / 100 != candidate.Status / 100 || given.GrpcStatus != candidate.GrpcStatus)
        {
            return true;
        }
        if (given.Status / 100 != 2 || V2Answer.Read(given) is not { } expected)
        {
            return false;
        }
        if (candidate.Body is null)
        {
            return false;
        }
        // The caller's answer had tensors, so the candidate's has to have the same.
        return V2Answer.Read(candidate) is not { } actual || Disagree(expected, actual);
    }

    private static bool Disagree(IReadOnlyList<V2Tensor> expected, IReadOnlyList<V2Tensor> actual)
    {
        if (expected.Count != actual.Count)
        {
            return true;
        }
        foreach (var tensor in expected)
        {
            if (actual.FirstOrDefault(one => one.Name == tensor.Name) is not { } other || TensorComparison.Disagree(tensor, other))
            {
                return true;
            }
        }
        return false;
    }
}
