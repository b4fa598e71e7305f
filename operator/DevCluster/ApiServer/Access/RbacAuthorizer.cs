using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Selectors;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Role-based access control: allowed is what a role that is bound to the user allows, and nothing else.</summary>
internal sealed class RbacAuthorizer(ObjectStore store) : IAuthorizer
{
    private const string Roles = "roles.rbac.authorization.k8s.io";
    private const string ClusterRoles = "clusterroles.rbac.authorization.k8s.io";
    private const string RoleBindings = "rolebindings.rbac.authorization.k8s.io";
    private const string ClusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io";

    public AccessDecision Decide(AccessAttributes attributes)
    {
        if (attributes.User.Groups.Contains(UserInfo.Masters))
        {
            return new AccessDecision(true, "");
        }

        foreach (var (binding, rules) in Bound(attributes.User, attributes.Namespace))
        {
            if (rules.Any(rule => rule.Allows(attributes)))
            {
                return new AccessDecision(true, $"RBAC: allowed by {Describe(binding, attributes.User)}");
            }
        }

        return new AccessDecision(false, "");
    }

    public IReadOnlyList<AccessRule> RulesOf(UserInfo user, string namespaceName) => user.Groups.Contains(UserInfo.Masters)
        ? AccessRule.Everything
        : [.. Bound(user, namespaceName).SelectMany(bound => bound.Rules)];

    private IEnumerable<(JsonObject Binding, IReadOnlyList<AccessRule> Rules)> Bound(UserInfo user, string namespaceName)
    {
        foreach (var binding in store.Objects(ClusterRoleBindings).Values.Select(stored => stored.Content).Where(binding => IsFor(binding, user, "")))
        {
            yield return (binding, RulesOf(binding, ""));
        }

        if (namespaceName.Length == 0)
        {
            yield break;
        }

        var here = store.Objects(RoleBindings).Values.Where(stored => stored.Key.Namespace == namespaceName).Select(stored => stored.Content);
        foreach (var binding in here.Where(binding => IsFor(binding, user, namespaceName)))
        {
            yield return (binding, RulesOf(binding, namespaceName));
        }
    }

    private static bool IsFor(JsonObject binding, UserInfo user, string namespaceName) => (binding.ArrayAt("subjects") ?? []).Any(subject =>
    {
        var name = subject.StringAt("name") ?? "";
        return subject.StringAt("kind") switch
        {
            "User" => name == user.Name,
            "Group" => user.Groups.Contains(name),
            "ServiceAccount" => $"system:serviceaccount:{subject.StringAt("namespace") ?? namespaceName}:{name}" == user.Name,
            _ => false,
        };
    });

    private IReadOnlyList<AccessRule> RulesOf(JsonObject binding, string namespaceName)
    {
        var name = binding.StringAt("roleRef", "name") ?? "";
        var role = binding.StringAt("roleRef", "kind") == "Role"
            ? store.Get(Roles, new ObjectKey(namespaceName, name))
            : store.Get(ClusterRoles, new ObjectKey("", name));
        return role is null ? [] : RulesOf(role.Content);
    }

    // A role with an aggregation rule has the rules of all roles with those labels, in place of its own.
    private IReadOnlyList<AccessRule> RulesOf(JsonObject role)
    {
        if (role.ArrayAt("aggregationRule", "clusterRoleSelectors") is not { } selectors)
        {
            return [.. (role.ArrayAt("rules") ?? []).Select(AccessRule.Of)];
        }

        return
        [
            .. store.Objects(ClusterRoles).Values.Select(stored => stored.Content)
                .Where(other => !ReferenceEquals(other, role) && other.Name() != role.Name()
                    && selectors.OfType<JsonObject>().Any(selector => LabelSelector.FromObject(selector).Matches(other.ObjectAt("metadata", "labels"))))
                .SelectMany(RulesOf),
        ];
    }

    private static string Describe(JsonObject binding, UserInfo user)
    {
        var place = binding.NamespaceName() is { } ns ? $"RoleBinding \"{binding.Name()}/{ns}\"" : $"ClusterRoleBinding \"{binding.Name()}\"";
        return $"{place} of {binding.StringAt("roleRef", "kind")} \"{binding.StringAt("roleRef", "name")}\" to User \"{user.Name}\"";
    }
}
