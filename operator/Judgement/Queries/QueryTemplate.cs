using System.Text.RegularExpressions;

namespace ModelOperator.Judgement.Queries;

/// <summary>A policy's PromQL with variables such as <c>{{revision}}</c>.</summary>
internal static partial class QueryTemplate
{
    public const string Namespace = "namespace";
    public const string Name = "name";
    public const string Revision = "revision";
    public const string StableRevision = "stableRevision";
    public const string Window = "window";

    private static readonly string[] Known = [Namespace, Name, Revision, StableRevision, Window];

    /// <summary>What is wrong with a template; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        foreach (Match match in Variable().Matches(template))
        {
            var name = match.Groups["name"].Value;
            if (!Known.Contains(name))
            {
                return $"unknown variable {{{{{name}}}}}; there are {string.Join(", ", Known.Select(k => $"{{{{{k}}}}}"))}";
            }
        }

        return null;
    }

    /// <summary>Whether a template speaks of the stable revision.</summary>
    public static bool NeedsStable(string template) => Variable().Matches(template).Any(m => m.Groups["name"].Value == StableRevision);

    /// <summary>Fills a template that has no <see cref="Problem"/>; values are escaped for string literals.</summary>
    /// <param name="template">The policy's text.</param>
    /// <param name="request">Names the namespace, deployment and revisions.</param>
    /// <param name="windowSeconds">For <c>{{window}}</c>, written <c>90s</c>.</param>
    public static string Fill(string template, JudgementRequest request, long windowSeconds) =>
        Variable().Replace(template, match => match.Groups["name"].Value switch
        {
            Namespace => PromQl.Escape(request.Namespace),
            Name => PromQl.Escape(request.Deployment),
            Revision => PromQl.Escape(request.Revision),
            StableRevision => PromQl.Escape(request.StableRevision ?? ""),
            Window => $"{windowSeconds}s",
            var unknown => throw new ArgumentException($"unknown variable {unknown}", nameof(template)),
        });

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}]*?)\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
