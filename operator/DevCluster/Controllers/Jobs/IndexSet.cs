using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Completion indexes, as text <c>0-3,5,7,8</c>: three or more in a row are a range.</summary>
internal sealed class IndexSet
{
    private readonly ImmutableSortedSet<int> _indexes;

    private IndexSet(ImmutableSortedSet<int> indexes) => _indexes = indexes;

    public int Count => _indexes.Count;

    /// <summary>Reads the text; what is not an index below <paramref name="completions"/> is left out.</summary>
    public static IndexSet Parse(string? text, int completions)
    {
        var indexes = ImmutableSortedSet.CreateBuilder<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-', 2);
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                for (var index = first; index <= last && index < completions; index++)
                {
                    indexes.Add(index);
                }
            }
        }

        return new IndexSet(indexes.ToImmutable());
    }

    public bool Contains(int index) => _indexes.Contains(index);

    public IndexSet With(IEnumerable<int> more) => new(_indexes.Union(more));

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _indexes.Count; i++)
        {
            var last = i;
            while (last + 1 < _indexes.Count && _indexes[last + 1] == _indexes[last] + 1)
            {
                last++;
            }

            text.Append(text.Length > 0 ? "," : "").Append(_indexes[i]);
            if (last > i)
            {
                text.Append(last == i + 1 ? ',' : '-').Append(_indexes[last]);
            }

            i = last;
        }

        return text.ToString();
    }
}
