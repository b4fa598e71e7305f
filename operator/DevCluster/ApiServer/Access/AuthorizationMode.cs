namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Who may do what.</summary>
public enum AuthorizationMode
{
    /// <summary>Everybody everything.</summary>
    AlwaysAllow,

    /// <summary>What roles and their bindings allow.</summary>
    Rbac,
}
