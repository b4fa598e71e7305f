namespace ModelOperator.Kubernetes.Queue;

/// <summary>The transitions of a key; client-go's dirty and processing sets in one word.</summary>
internal static class KeyStates
{
    /// <summary>It is to be worked on.</summary>
    public static KeyState Added(this KeyState state) => state switch
    {
        KeyState.Absent or KeyState.Ready => KeyState.Ready,
        _ => KeyState.ProcessingAgain,
    };

    /// <summary>A worker takes it.</summary>
    public static KeyState Taken(this KeyState state) =>
        state == KeyState.Ready ? KeyState.Processing : throw new InvalidOperationException($"a key that is {state} cannot be taken");

    /// <summary>The worker has finished.</summary>
    public static KeyState Done(this KeyState state) => state switch
    {
        KeyState.Processing => KeyState.Absent,
        KeyState.ProcessingAgain => KeyState.Ready,
        _ => state,
    };
}
