using System.Net;

namespace ModelOperator.Router.Routing;

/// <summary>Who answers a request, and who gets a copy of it.</summary>
/// <param name="Live">Null: nobody can.</param>
/// <param name="Copied">Null: nobody.</param>
internal readonly record struct ArmChoice(Backend? Live, Backend? Copied)
{
    /// <summary>
    /// Chooses: the revision that asks for such callers; else the caller's own, where the route is sticky; else the next in
    /// turn. A candidate whose circuit is open gets copies instead, so that the operator's evidence goes on growing at no
    /// caller's cost.
    /// </summary>
    public static ArmChoice Of(ModelRoute route, IHeaderDictionary headers, IPAddress? client)
    {
        var chosen = Matching(route, headers) ?? Split(route, headers, client);
        if (chosen is { Circuit.IsOpen: true })
        {
            return new ArmChoice(route.ReadyStable, chosen);
        }
        var copied = route.Mirror is { MirrorSchedule: { } schedule } mirror && mirror != chosen && mirror.MirrorLane.TakesTurn(schedule)
            ? mirror
            : null;
        return new ArmChoice(chosen, copied);
    }

    private static Backend? Matching(ModelRoute route, IHeaderDictionary headers)
    {
        foreach (var backend in route.Matching)
        {
            foreach (var match in backend.Matches)
            {
                if (match.IsMetBy(headers))
                {
                    return backend;
                }
            }
        }
        return null;
    }

    private static Backend? Split(ModelRoute route, IHeaderDictionary headers, IPAddress? client) =>
        route.Split is not { } split ? null
        : route.Sticky?.Of(headers, client) is { } caller ? split.Of(caller)
        : split.Next();
}
