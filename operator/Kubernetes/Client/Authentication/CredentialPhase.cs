namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>What is known of the credential in hand.</summary>
internal enum CredentialPhase
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It may be used until its time is over.</summary>
    Fresh,

    /// <summary>Its time was over and no newer one could be had; it may be used until the next try.</summary>
    Kept,

    /// <summary>The server does not take it.</summary>
    Refused,
}
