using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Cli.Logs;

/// <summary>Reads the logs of pods through the API.</summary>
internal sealed class PodLog(PathClient client)
{
    // A line without an end must not fill the memory.
    private const int LongestLine = 64 * 1024;

    /// <summary>The lines of one container.</summary>
    /// <param name="namespaceName">The pod's namespace.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="range">Which of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubernetesException">The server refuses, or the container has not started.</exception>
    public async IAsyncEnumerable<string> LinesAsync(
        string namespaceName, string pod, LogRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"/api/v1/namespaces/{Uri.EscapeDataString(namespaceName)}/pods/{Uri.EscapeDataString(pod)}/log?{range.Query}";
        await using var log = await client.OpenAsync(path, cancellationToken);
        using var reader = new StreamReader(log.Body);
        await foreach (var line in BoundedLines.ReadAsync(reader, LongestLine, cancellationToken))
        {
            yield return line;
        }
    }
}
