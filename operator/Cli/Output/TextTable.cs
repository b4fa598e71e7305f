namespace ModelOperator.Cli.Output;

/// <summary>Columns of text as kubectl prints them. On a terminal that is too narrow, columns are left out, and what is still too long is cut.</summary>
internal sealed class TextTable(params IReadOnlyList<Column> columns)
{
    private const int Gap = 3;

    private readonly List<Cell[]> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Leaves out columns that have nothing to say.</summary>
    public bool HidesEmpty { get; init; }

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Its lines, the heading first.</summary>
    /// <param name="width">Columns of the terminal; null: no limit.</param>
    public IEnumerable<IReadOnlyList<Cell>> Lines(int? width)
    {
        var widths = columns.Select((column, i) => _rows.Select(row => row[i].Text.Length).Append(column.Name.Length).Max()).ToArray();
        var shown = Shown(widths, width);
        yield return Line([.. columns.Select(column => new Cell(column.Name, Tone.Strong))], widths, shown, width);
        foreach (var row in _rows)
        {
            yield return Line(row, widths, shown, width);
        }
    }

    private static int WidthOf(int[] widths, List<int> shown) => shown.Sum(i => widths[i] + Gap) - Gap;

    private static List<Cell> Line(Cell[] row, int[] widths, List<int> shown, int? width)
    {
        var line = new List<Cell>();
        var used = 0;
        foreach (var i in shown)
        {
            var isLast = i == shown[^1];
            var text = row[i].Text;
            var room = width - used ?? int.MaxValue;
            text = text.Length <= room ? text : room > 1 ? text[..(room - 1)] + "…" : "";
            line.Add(new Cell(isLast ? text : text.PadRight(widths[i] + Gap), row[i].Tone));
            used += widths[i] + Gap;
        }

        // Nothing follows an empty last cell, not even blanks.
        while (line.Count > 0 && line[^1].Text.AsSpan().Trim().IsEmpty)
        {
            line.RemoveAt(line.Count - 1);
        }

        if (line.Count > 0)
        {
            line[^1] = new Cell(line[^1].Text.TrimEnd(), line[^1].Tone);
        }

        return line;
    }

    private List<int> Shown(int[] widths, int? width)
    {
        var shown = Enumerable.Range(0, columns.Count).Where(i => !HidesEmpty || columns[i].Rank == 0 || _rows.Exists(row => row[i].Text.Length > 0)).ToList();
        while (WidthOf(widths, shown) > width && shown.Max(i => columns[i].Rank) is > 0 and var highest)
        {
            shown.RemoveAt(shown.FindLastIndex(i => columns[i].Rank == highest));
        }

        return shown;
    }
}
