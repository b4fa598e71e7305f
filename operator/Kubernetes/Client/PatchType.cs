namespace ModelOperator.Kubernetes.Client;

/// <summary>The patch formats of the API.</summary>
public enum PatchType
{
    /// <summary>RFC 6902.</summary>
    JsonPatch,

    /// <summary>RFC 7386.</summary>
    MergePatch,

    /// <summary>Kubernetes' own merge patch with list merge keys; built-in types only.</summary>
    StrategicMergePatch,
}
