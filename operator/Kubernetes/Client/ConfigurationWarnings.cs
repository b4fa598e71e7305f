using System.Collections.Concurrent;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What is to be said about a configuration, once, by the first client that has somewhere to say it.</summary>
internal sealed class ConfigurationWarnings
{
    private readonly ConcurrentQueue<string> _untold = new();

    public void Add(string warning) => _untold.Enqueue(warning);

    /// <summary>The next warning that nobody has told yet, or null.</summary>
    public string? TakeNext() => _untold.TryDequeue(out var warning) ? warning : null;
}
