namespace ModelOperator.Kubernetes.Hosting;

/// <summary>With what exit code the process is to end.</summary>
public sealed class OperatorExit
{
    /// <summary>It was asked to end.</summary>
    public const int Asked = 0;

    /// <summary>A part of it failed.</summary>
    public const int Failed = 1;

    /// <summary>It was leader and is no more: it ended at once, so that it does not work beside its successor.</summary>
    public const int LeadershipLost = 3;

    /// <summary>The exit code.</summary>
    public int Code { get; internal set; } = Asked;
}
