using System.Globalization;
using System.Text.RegularExpressions;
using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Reads commands from a ModelDeployment's annotations.</summary>
internal static partial class CommandReader
{
    private const int MaxReasonLength = 256;

    /// <summary>The annotation of each verb, the most urgent first.</summary>
    public static IReadOnlyList<(CommandVerb Verb, string Annotation)> Annotations { get; } =
    [
        (CommandVerb.Abort, CommandAnnotations.Abort),
        (CommandVerb.Rollback, CommandAnnotations.Rollback),
        (CommandVerb.Retry, CommandAnnotations.Retry),
        (CommandVerb.Resume, CommandAnnotations.Resume),
        (CommandVerb.Promote, CommandAnnotations.Promote),
    ];

    /// <summary>Every command that is annotated, the most urgent first.</summary>
    public static IReadOnlyList<Command> Read(IDictionary<string, string>? annotations)
    {
        if (annotations is null)
        {
            return [];
        }

        var reason = annotations.TryGetValue(CommandAnnotations.Reason, out var text) ? Clean(text) : null;
        return [.. Annotations
            .Where(known => annotations.ContainsKey(known.Annotation))
            .Select(known => Parse(known.Verb, annotations[known.Annotation], reason))];
    }

    private static Command Parse(CommandVerb verb, string text, string? reason)
    {
        var match = Form().Match(text);
        var shown = text.Length <= 128 ? text : text[..128];
        if (!match.Success)
        {
            return new Command(verb, shown, null, null, reason);
        }

        int? step = match.Groups["step"] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;
        return new Command(verb, shown, match.Groups["revision"].Value, step, reason);
    }

    // It is shown in events and records: one line of a bounded length.
    private static string? Clean(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length switch
        {
            0 => null,
            > MaxReasonLength => line[..MaxReasonLength],
            _ => line,
        };
    }

    [GeneratedRegex("^(?<revision>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(@(?<step>[0-9]{1,3}))?(#[^#]{1,63})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
