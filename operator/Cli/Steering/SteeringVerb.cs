namespace ModelOperator.Cli.Steering;

/// <summary>What a person can ask of a rollout.</summary>
internal enum SteeringVerb
{
    Promote,
    Abort,
    Retry,
    Pause,
    Resume,
    Rollback,
}
