namespace ModelOperator.Controller.Rollouts;

/// <summary>Where the candidate's pods find room.</summary>
internal enum CapacityMode
{
    /// <summary>Beside stable's: there are more pods while a rollout is under way, and the way back is warm.</summary>
    Surge,

    /// <summary>In stable's place: the two together never have more pods than were asked for.</summary>
    Shared,
}
