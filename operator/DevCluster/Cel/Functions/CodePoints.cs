namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>CEL counts a string in Unicode code points, .NET in UTF-16 units.</summary>
internal static class CodePoints
{
    public static long Count(string text) => text.EnumerateRunes().Count();

    /// <summary>The UTF-16 offset of the code point with this index, the length for the one past the end, or null outside.</summary>
    public static int? OffsetOf(string text, long index)
    {
        if (index < 0)
        {
            return null;
        }

        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (index-- == 0)
            {
                return offset;
            }

            offset += rune.Utf16SequenceLength;
        }
        return index == 0 ? text.Length : null;
    }

    /// <summary>How many code points lie before this UTF-16 offset; -1 stays -1, for the searches that found nothing.</summary>
    public static long IndexOf(string text, int offset) => offset < 0 ? -1 : Count(text[..offset]);

    public static IEnumerable<string> Split(string text) => text.EnumerateRunes().Select(rune => rune.ToString());
}
