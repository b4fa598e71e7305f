namespace ModelOperator.Kubernetes.Builder;

/// <summary>What was registered cannot run.</summary>
public sealed class OperatorRegistrationException(IReadOnlyList<string> gaps)
    : Exception($"the operator cannot start: {string.Join("; ", gaps)}")
{
    /// <summary>Everything that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Gaps { get; } = gaps;
}
