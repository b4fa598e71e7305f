namespace ModelOperator.Cli.Output;

/// <summary>A piece of text and what it means.</summary>
internal readonly record struct Cell
{
    public Cell(string? text, Tone tone = Tone.Plain)
    {
        Text = PlainText.Of(text);
        Tone = tone;
    }

    /// <summary>One line without control characters, whoever wrote it.</summary>
    public string Text { get; }

    public Tone Tone { get; }

    public static implicit operator Cell(string? text) => new(text);
}
