using ModelOperator.Api.Conventions;

namespace ModelOperator.Cli.Output;

/// <summary>The signs and tones of phases and verdicts.</summary>
internal static class Marks
{
    public static Tone ToneOf(string? phase) => phase switch
    {
        Phases.Available => Tone.Good,
        Phases.Progressing or Phases.Baking => Tone.Busy,
        Phases.Paused or Phases.RollingBack or Phases.RolledBack => Tone.Warning,
        Phases.Degraded => Tone.Bad,
        _ => Tone.Muted,
    };

    /// <summary>A phase with its sign.</summary>
    public static Cell Phase(string? phase) => new(
        phase switch
        {
            null or "" => "? Unknown",
            Phases.Available => $"✔ {phase}",
            Phases.Paused => $"॥ {phase}",
            Phases.RollingBack or Phases.RolledBack => $"↩ {phase}",
            Phases.Degraded => $"✖ {phase}",
            _ => $"◌ {phase}",
        },
        ToneOf(phase));

    /// <summary>The sign of a verdict.</summary>
    public static (string Sign, Tone Tone) Verdict(string? verdict) => verdict switch
    {
        "Pass" => ("✔", Tone.Good),
        "Fail" => ("✖", Tone.Bad),
        "Inconclusive" => ("?", Tone.Warning),
        "NoData" => ("∅", Tone.Warning),
        _ => ("⚠", Tone.Bad),
    };
}
