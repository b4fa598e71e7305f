using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Views;

/// <summary>What the judge has seen, a metric a line.</summary>
internal static class AnalysisTable
{
    public static TextTable Of(IEnumerable<AnalysisStatus> analysis)
    {
        var table = new TextTable(
            new Column("METRIC"), new Column("VERDICT"), new Column("CANDIDATE", 1), new Column("STABLE", 2), new Column("BOUND", 3),
            new Column("SAMPLES", 5), new Column("EVIDENCE", 6), new Column("PROOF", 7), new Column("WHY", 4))
        { HidesEmpty = true };
        foreach (var metric in analysis)
        {
            var (sign, tone) = Marks.Verdict(metric.Verdict);
            table.Add(
                $"{metric.Policy}/{metric.Metric}",
                new Cell($"{sign} {metric.Verdict}", tone),
                metric.Value,
                metric.Baseline,
                metric.Threshold,
                metric.Samples is { } samples ? $"{samples}" : "",
                metric.Evidence,
                metric.Proof,
                metric.Message);
        }

        return table;
    }

    /// <summary>How many verdicts there are of each kind: <c>✔ 3 ✖ 1</c>.</summary>
    public static Cell Counts(IEnumerable<AnalysisStatus> analysis)
    {
        var kinds = analysis.GroupBy(metric => Marks.Verdict(metric.Verdict)).OrderBy(kind => "✔✖?∅⚠".IndexOf(kind.Key.Sign, StringComparison.Ordinal)).ToList();
        var tone = kinds.Select(kind => kind.Key.Tone).OrderBy(kind => kind switch { Tone.Bad => 0, Tone.Warning => 1, _ => 2 }).FirstOrDefault(Tone.Plain);
        return new Cell(string.Join(' ', kinds.Select(kind => $"{kind.Key.Sign} {kind.Count()}")), tone);
    }
}
