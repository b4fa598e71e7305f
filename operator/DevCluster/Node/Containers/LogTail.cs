namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>The end of a log.</summary>
internal static class LogTail
{
    /// <summary>The last lines of a text; a newline at its very end does not begin another line.</summary>
    public static ReadOnlySpan<byte> LastLines(ReadOnlySpan<byte> text, int lines)
    {
        if (lines <= 0)
        {
            return [];
        }

        var start = text.Length;
        for (var seen = 0; seen < lines && start > 0; seen++)
        {
            var before = text[..(start - 1)].LastIndexOf((byte)'\n');
            start = before + 1;
        }

        return text[start..];
    }
}
