using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Selection;

/// <summary>Which objects a selector means.</summary>
internal static class Selectors
{
    /// <summary>Whether labels carry everything a selector asks for; an empty selector matches everything.</summary>
    public static bool Matches(this V1LabelSelector selector, IDictionary<string, string>? labels) =>
        (selector.MatchLabels is null || Matches(selector.MatchLabels, labels))
        && (selector.MatchExpressions ?? []).All(expression => Matches(expression, labels));

    /// <summary>Whether labels contain all pairs.</summary>
    public static bool Matches(IDictionary<string, string> wanted, IDictionary<string, string>? labels) =>
        wanted.All(pair => labels is not null && labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Matches(V1LabelSelectorRequirement requirement, IDictionary<string, string>? labels)
    {
        string? value = null;
        var has = labels?.TryGetValue(requirement.Key, out value) == true;
        return requirement.OperatorProperty switch
        {
            "In" => has && requirement.Values?.Contains(value!) == true,
            "NotIn" => !has || requirement.Values?.Contains(value!) != true,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
