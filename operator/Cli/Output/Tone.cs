namespace ModelOperator.Cli.Output;

/// <summary>What a piece of text means, for its colour.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Warning,
    Busy,
    Muted,
    Strong,
}
