namespace ModelOperator.DevCluster.Tests.Node;

/// <summary>The processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>Those whose environment contains a text.</summary>
    public static IReadOnlyList<int> WithEnvironment(string text) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0)
            .Where(id => id > 0 && EnvironmentOf(id).Contains(text, StringComparison.Ordinal)),
    ];

    private static string EnvironmentOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
