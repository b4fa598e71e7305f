using System.Globalization;

namespace ModelOperator.Benchmarks.Figures;

/// <summary>Prints figures as they are measured, one line each: <c>figure NAME = VALUE UNIT (target T): met|short</c>.</summary>
internal sealed class FigureReport(TextWriter output)
{
    /// <summary>How many figures missed their target.</summary>
    public int Short { get; private set; }

    /// <summary>Prints a figure that is judged by a target.</summary>
    public void Add(string name, double value, string unit, Target target)
    {
        var isMet = target.IsMetBy(value);
        Short += isMet ? 0 : 1;
        output.WriteLine($"figure {name} = {Text(value)} {unit} (target {target}): {(isMet ? "met" : "short")}");
    }

    /// <summary>Prints a figure that others are read against: a floor, a peer, a size.</summary>
    public void Add(string name, double value, string unit) => output.WriteLine($"figure {name} = {Text(value)} {unit}");

    /// <summary>Prints what is being done, for those who wait.</summary>
    public void Progress(string text) => output.WriteLine($"  {text}");

    private static string Text(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);
}
