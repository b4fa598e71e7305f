using System.Globalization;
using ModelOperator.DevCluster.Controllers.Selection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Which nodes a pod takes: by <c>nodeSelector</c> and by required node affinity.</summary>
internal static class NodeAffinity
{
    public static bool Accepts(V1Pod pod, V1Node node) =>
        (pod.Spec?.NodeSelector is not { Count: > 0 } selector || Selectors.Matches(selector, node.Metadata.Labels))
        && (pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is not { } required
            || required.NodeSelectorTerms.Any(term => Accepts(term, node)));

    /// <summary>All requirements must hold; a term without any accepts no node.</summary>
    private static bool Accepts(V1NodeSelectorTerm term, V1Node node)
    {
        var labels = term.MatchExpressions ?? [];
        var fields = term.MatchFields ?? [];
        var name = new Dictionary<string, string> { ["metadata.name"] = node.Metadata.Name ?? "" };
        return labels.Count + fields.Count > 0
            && labels.All(r => Holds(r, node.Metadata.Labels ?? new Dictionary<string, string>()))
            && fields.All(r => Holds(r, name));
    }

    private static bool Holds(V1NodeSelectorRequirement requirement, IDictionary<string, string> values)
    {
        var has = values.TryGetValue(requirement.Key, out var value);
        return requirement.OperatorProperty switch
        {
            "In" => has && requirement.Values?.Contains(value!) == true,
            "NotIn" => !has || requirement.Values?.Contains(value!) != true,
            "Exists" => has,
            "DoesNotExist" => !has,
            "Gt" => Number(value) > Number(requirement.Values?.FirstOrDefault()),
            "Lt" => Number(value) < Number(requirement.Values?.FirstOrDefault()),
            _ => false,
        };
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
