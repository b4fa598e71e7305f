using System.Globalization;
using ModelOperator.Judgement.Sequential;

namespace ModelOperator.Cli.Simulation;

/// <summary>Recorded counts: a CSV file with a heading and one line for each interval.</summary>
internal static class CountsFile
{
    /// <summary>The heading; the order of its columns is fixed.</summary>
    public const string Heading = "candidate_bad,candidate_total,stable_bad,stable_total";

    /// <summary>More are not simulated: a week of looks every 30 s.</summary>
    public const int MostIntervals = 20_000;

    /// <exception cref="FormatException">A line is not as it should be; the message names it.</exception>
    public static IReadOnlyList<IntervalCounts> Read(TextReader text)
    {
        if (text.ReadLine()?.Replace(" ", "", StringComparison.Ordinal) != Heading)
        {
            throw new FormatException($"line 1: the heading must be {Heading}");
        }

        var intervals = new List<IntervalCounts>();
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }

            var counts = line.Split(',').Select(cell => long.TryParse(cell, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) ? count : -1).ToList();
            if (counts.Count != 4 || counts.Contains(-1))
            {
                throw new FormatException($"line {number}: four whole numbers are expected, not negative");
            }

            if (counts[0] > counts[1] || counts[2] > counts[3])
            {
                throw new FormatException($"line {number}: there are more bad requests than requests");
            }

            if (intervals.Count == MostIntervals)
            {
                throw new FormatException($"line {number}: more than {MostIntervals} intervals are not read");
            }

            intervals.Add(new IntervalCounts(new BadCount(counts[0], counts[1]), new StableCounts(new BadCount(counts[2], counts[3]))));
        }

        return intervals.Count > 0 ? intervals : throw new FormatException("there are no counts below the heading");
    }
}
