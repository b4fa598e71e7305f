namespace ModelOperator.Kubernetes.Informers;

/// <summary>What a reflector does next.</summary>
internal enum ReflectorPhase
{
    /// <summary>Takes in all objects.</summary>
    List,

    /// <summary>Takes in all objects from the beginning of a watch.</summary>
    Stream,

    /// <summary>Follows changes from the version it has reached.</summary>
    Watch,
}
