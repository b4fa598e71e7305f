namespace ModelOperator.Demo.Cluster;

/// <summary>A run of kubectl failed.</summary>
internal sealed class KubectlException(IReadOnlyList<string> arguments, KubectlResult result)
    : Exception($"`kubectl {string.Join(' ', arguments)}` ended with {result.ExitCode}: {result.Error.Trim()}");
