namespace ModelOperator.Api.Conventions;

/// <summary>Annotations of a RollbackPolicy.</summary>
public static class PolicyAnnotations
{
    /// <summary><c>"true"</c>: the policy as it is now also judges rollouts that are under way. Otherwise they keep what they started with.</summary>
    public const string ApplyNow = ApiGroup.Name + "/apply-now";
}
