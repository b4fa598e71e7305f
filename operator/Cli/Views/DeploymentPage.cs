using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Views;

/// <summary>Everything about one ModelDeployment: the heading, the judgement and the tree.</summary>
internal static class DeploymentPage
{
    /// <summary>Its lines.</summary>
    /// <param name="view">What is shown.</param>
    /// <param name="width">Columns of the terminal; null: no limit.</param>
    public static IEnumerable<IReadOnlyList<Cell>> Lines(DeploymentView view, int? width)
    {
        foreach (var line in DeploymentHeader.Lines(view, width))
        {
            yield return line;
        }

        if (view.OnTrial is not null && view.Status.Analysis is { Count: > 0 } analysis)
        {
            yield return [];
            foreach (var line in AnalysisTable.Of(analysis).Lines(width))
            {
                yield return line;
            }
        }

        yield return [];
        foreach (var line in DeploymentTree.Of(view).Lines(width))
        {
            yield return line;
        }
    }
}
