namespace ModelOperator.Controller.Rollouts;

/// <summary>What a person can ask for, the most urgent first: of several at once, the first that can be followed wins.</summary>
internal enum CommandVerb
{
    Abort,
    Rollback,
    Retry,
    Resume,
    Promote,
}
