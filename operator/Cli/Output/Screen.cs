using ModelOperator.Cli.Hosting;
using Spectre.Console;

namespace ModelOperator.Cli.Output;

/// <summary>Writes answers: with colours and within the width of a terminal, or plainly into a pipe.</summary>
internal sealed class Screen(Surroundings surroundings)
{
    private IAnsiConsole? _terminal;

    public Surroundings Surroundings { get; } = surroundings;

    public int? Width => Surroundings.Width;

    /// <summary>The terminal; null when the output is none.</summary>
    public IAnsiConsole? Terminal => Width is null ? null : _terminal ??= Open();

    public DateTimeOffset Now => Surroundings.Time.GetUtcNow();

    public void Write(TextTable table)
    {
        foreach (var line in table.Lines(Width))
        {
            Write(line);
        }
    }

    public void Write(IReadOnlyList<Cell> line)
    {
        if (Surroundings.Colours)
        {
            Terminal!.Write(Styled(line));
            Terminal!.WriteLine();
            return;
        }

        foreach (var cell in line)
        {
            Surroundings.Out.Write(cell.Text);
        }

        Surroundings.Out.WriteLine();
    }

    public void Write(string text, Tone tone = Tone.Plain) => Write([new Cell(text, tone)]);

    /// <summary>Writes a sentence after a heading, over as many lines as it takes.</summary>
    public void WriteSentence(string heading, Cell sentence)
    {
        foreach (var line in Sentences.Wrap(heading, sentence, Width))
        {
            Write(line);
        }
    }

    /// <summary>Writes what is meant for programs, as it is.</summary>
    public void WriteRaw(string text) => Surroundings.Out.Write(text);

    /// <summary>Writes beside the answer, where a pipe does not see it.</summary>
    public void Remark(string text) => Surroundings.Error.WriteLine(PlainText.Of(text));

    public static Paragraph Styled(IReadOnlyList<Cell> line)
    {
        var paragraph = new Paragraph();
        foreach (var cell in line)
        {
            paragraph.Append(cell.Text, StyleOf(cell.Tone));
        }

        return paragraph;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Busy => new Style(Color.Aqua),
        Tone.Muted => new Style(Color.Grey),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };

    private IAnsiConsole Open()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Surroundings.Colours ? AnsiSupport.Yes : AnsiSupport.Detect,
            ColorSystem = Surroundings.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Surroundings.Out),
        });
        console.Profile.Width = Width!.Value;
        return console;
    }
}
