using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Traffic;

/// <summary>One look at what moves a ModelDeployment's traffic.</summary>
internal sealed record TrafficObservation
{
    /// <summary>What is asked for.</summary>
    public required TrafficProvider Provider { get; init; }

    /// <summary>The routers' route, if there is one.</summary>
    public V1Alpha1ModelRoute? ModelRoute { get; init; }

    /// <summary>The Gateway's route, if there is one.</summary>
    public V1HttpRoute? HttpRoute { get; init; }

    /// <summary>What is served by the provider that is asked for.</summary>
    public required RouteView Wanted { get; init; }

    /// <summary>What is served by the other one; null when it has no route.</summary>
    public RouteView? Other { get; init; }

    /// <summary>Who counts what the revisions answer: as soon as requests may come by a Gateway, only the model servers count all of them.</summary>
    public CounterSource Source => HttpRoute is null ? CounterSource.Router : CounterSource.ModelServer;

    /// <summary>Why the provider that is asked for cannot take the traffic.</summary>
    public SpecProblem? Problem { get; init; }

    /// <summary>Where clients reach the model; null when that is not known yet.</summary>
    public string? Url { get; init; }

    /// <summary>When to look again though nothing is heard; null: never.</summary>
    public TimeSpan? RecheckAfter { get; init; }

    /// <summary>
    /// What the rollout is decided on. As long as two providers have a route, requests may come by both: the one that was there
    /// first counts, and what is believed of it has to hold for the other too.
    /// </summary>
    public RouteView View => Other is null ? Wanted : Other with { Successor = Writes(Provider) ? Wanted : null };

    /// <summary>Whether a provider's route is to say what the plan says.</summary>
    public bool Writes(TrafficProvider provider) => provider == TrafficProvider.Router
        ? Provider == TrafficProvider.Router || ModelRoute is not null
        : (Provider == TrafficProvider.GatewayAPI && Problem is null) || HttpRoute is not null;

    /// <summary>Whether the other provider's route can go: the new one is served, and says what it should.</summary>
    public bool IsHandedOver(IReadOnlyList<RouteArm> arms) => Other is not null && Wanted.IsServedHere && Wanted.Says(arms);
}
