namespace ModelOperator.Cli.Output;

/// <summary>Breaks sentences at blanks where a terminal is too narrow for them.</summary>
internal static class Sentences
{
    /// <summary>A cell as lines that begin after the given heading; those that follow the first are indented as far.</summary>
    public static IEnumerable<IReadOnlyList<Cell>> Wrap(Cell heading, Cell text, int? width)
    {
        var room = width - heading.Text.Length ?? int.MaxValue;
        var first = true;
        foreach (var part in Parts(text.Text, Math.Max(1, room)))
        {
            yield return [first ? heading : new Cell(new string(' ', heading.Text.Length)), new Cell(part, text.Tone)];
            first = false;
        }
    }

    private static IEnumerable<string> Parts(string text, int room)
    {
        while (text.Length > room)
        {
            var end = text.LastIndexOf(' ', room);
            yield return text[..(end > 0 ? end : room)];
            text = text[(end > 0 ? end : room)..].TrimStart();
        }

        yield return text;
    }
}
