namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Decides who may do what.</summary>
internal interface IAuthorizer
{
    AccessDecision Decide(AccessAttributes attributes);

    /// <summary>What a user may do in a namespace.</summary>
    IReadOnlyList<AccessRule> RulesOf(UserInfo user, string namespaceName);
}
