namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>A credential and from when on a newer one is wanted; null: never.</summary>
internal readonly record struct ObtainedCredential(RequestCredential Credential, DateTimeOffset? RenewAt);
