namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Everybody may do everything.</summary>
internal sealed class AllowAll : IAuthorizer
{
    public AccessDecision Decide(AccessAttributes attributes) => new(true, "");

    public IReadOnlyList<AccessRule> RulesOf(UserInfo user, string namespaceName) => AccessRule.Everything;
}
