namespace ModelOperator.Api.Conventions;

/// <summary>
/// Annotations of a ModelDeployment by which people steer a rollout: <c>"revision[@step][#id]"</c>. The revision, and the step if it is
/// given, must be the ones under way; the same text is obeyed once, and an id of any kind makes it another text.
/// </summary>
public static class CommandAnnotations
{
    /// <summary>End the step, or the bake, now.</summary>
    public const string Promote = ApiGroup.Name + "/promote";

    /// <summary>Take the traffic back.</summary>
    public const string Abort = ApiGroup.Name + "/abort";

    /// <summary>Try a revision again that was rolled back.</summary>
    public const string Retry = ApiGroup.Name + "/retry";

    /// <summary>Begin the step again that a policy has paused.</summary>
    public const string Resume = ApiGroup.Name + "/resume";

    /// <summary>Serve a revision of the history again, whatever the spec says, until the spec changes.</summary>
    public const string Rollback = ApiGroup.Name + "/rollback";

    /// <summary>Why, in the words of who commands; goes with each of the others.</summary>
    public const string Reason = ApiGroup.Name + "/reason";
}
