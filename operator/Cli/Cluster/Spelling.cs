namespace ModelOperator.Cli.Cluster;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class Spelling
{
    private const int MostNames = 10_000;

    /// <summary>The known name that takes the fewest edits, if they are few for its length; null when none comes close.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => known
        .Take(MostNames)
        .Select(candidate => (Candidate: candidate, Edits: Edits(name, candidate)))
        .Where(near => near.Edits <= Math.Max(1, Math.Min(name.Length, near.Candidate.Length) / 3) || Extends(near.Candidate, name))
        .OrderBy(near => near.Edits)
        .ThenBy(near => near.Candidate, StringComparer.Ordinal)
        .Select(near => near.Candidate)
        .FirstOrDefault();

    private static bool Extends(string candidate, string name) => name.Length >= 3 && candidate.StartsWith(name, StringComparison.Ordinal);

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
