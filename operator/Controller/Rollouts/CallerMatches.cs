using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Controller.Rollouts;

/// <summary>Callers that always get the candidate; two lists of the same matches are the same.</summary>
internal sealed class CallerMatches : IEquatable<CallerMatches>
{
    public static readonly CallerMatches None = new([]);

    private readonly IReadOnlyList<RouteMatch> _matches;

    private CallerMatches(IReadOnlyList<RouteMatch> matches) => _matches = matches;

    public bool IsEmpty => _matches.Count == 0;

    public static CallerMatches From(IList<RouteMatch>? matches) => matches is { Count: > 0 } ? new([.. matches]) : None;

    /// <summary>As a route or a spec says it; null when there is none.</summary>
    public IList<RouteMatch>? ToList() => IsEmpty ? null : [.. _matches];

    public bool Equals(CallerMatches? other) => other is not null && _matches.Select(Key).SequenceEqual(other._matches.Select(Key));

    public override bool Equals(object? obj) => Equals(obj as CallerMatches);

    public override int GetHashCode() => _matches.Aggregate(0, (hash, match) => HashCode.Combine(hash, Key(match)));

    public override string ToString() => string.Join(" or ", _matches.Select(match =>
        $"{(match.Header is null ? $"cookie {match.Cookie}" : $"header {match.Header}")} {(match.Type is null or "Exact" ? "is" : "matches")} {match.Value}"));

    private static (string?, string?, string, string) Key(RouteMatch match) => (match.Header, match.Cookie, match.Value, match.Type ?? "Exact");
}
