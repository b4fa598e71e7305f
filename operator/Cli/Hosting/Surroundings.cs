namespace ModelOperator.Cli.Hosting;

/// <summary>What the program runs in. Tests give their own.</summary>
internal sealed record Surroundings
{
    /// <summary>Where answers go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where complaints go.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Columns of the terminal; null: the output is a pipe or a file, and lines are as long as they are.</summary>
    public int? Width { get; init; }

    /// <summary>Whether the output understands colours and wants them.</summary>
    public bool Colours { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of this process: a terminal is one that is not redirected, and <c>NO_COLOR</c> is honoured.</summary>
    public static Surroundings OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var noColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Surroundings
        {
            // A thousand lines are one write, not a thousand; whoever waits flushes.
            Out = isTerminal ? Console.Out : new StreamWriter(Console.OpenStandardOutput(), bufferSize: 32 * 1024),
            Error = Console.Error,
            In = Console.In,
            Width = isTerminal ? WidthOfTerminal() : null,
            Colours = isTerminal && !noColour,
        };
    }

    private static int? WidthOfTerminal()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
