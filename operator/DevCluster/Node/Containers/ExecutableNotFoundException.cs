namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>A container's command names no program.</summary>
internal sealed class ExecutableNotFoundException(string command, string? path)
    : Exception(command.Contains('/', StringComparison.Ordinal)
        ? $"exec: \"{command}\": no such executable file"
        : $"exec: \"{command}\": executable file not found in $PATH ({path})");
