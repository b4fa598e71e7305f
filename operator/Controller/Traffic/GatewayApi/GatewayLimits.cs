using System.Text.RegularExpressions;
using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Finds what a spec asks of a Gateway that none can do, whatever its implementation.</summary>
internal static partial class GatewayLimits
{
    private const int MaxHostname = 253;

    /// <summary>The first problem of a spec whose provider is GatewayAPI; null when there is none.</summary>
    public static SpecProblem? Problem(ModelDeploymentSpec spec) => spec.Traffic switch
    {
        not { Provider: nameof(TrafficProvider.GatewayAPI) } => null,
        { GatewayRef: null } => new SpecProblem("spec.traffic.gatewayRef", "provider GatewayAPI needs the Gateway that requests come through"),
        { StickyBy: not null } => new SpecProblem("spec.traffic.stickyBy", "only provider Router keeps callers on their revision: leave it out"),
        { Failover: true } => new SpecProblem("spec.traffic.failover", "only provider Router answers from stable what fails on the candidate: set it to false or leave it out"),
        var traffic => Hostnames(traffic.Hostnames) ?? (spec.Rollout?.Steps ?? []).Index().Select(step => Step(step.Item, $"spec.rollout.steps[{step.Index}]")).FirstOrDefault(problem => problem is not null),
    };

    private static SpecProblem? Hostnames(IList<string>? hostnames) => (hostnames ?? []).Index()
        .Where(host => host.Item.Length > MaxHostname || !Hostname().IsMatch(host.Item))
        .Select(host => new SpecProblem($"spec.traffic.hostnames[{host.Index}]", $"\"{host.Item}\" is no host name in lower case, with or without a leading *., such as models.example.com"))
        .FirstOrDefault();

    private static SpecProblem? Step(RolloutStep step, string path)
    {
        if (step is { Mirror: > 0, Weight: > 0 })
        {
            return new SpecProblem($"{path}.mirror", "a Gateway would copy to the candidate also what it answers itself: a step has either mirror or weight with provider GatewayAPI");
        }

        return (step.Match ?? []).Index()
            .Where(match => match.Item.Cookie is not null)
            .Select(match => new SpecProblem($"{path}.match[{match.Index}].cookie", "a Gateway matches headers only: give a header, or use provider Router"))
            .FirstOrDefault();
    }

    [GeneratedRegex(@"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Hostname();
}
