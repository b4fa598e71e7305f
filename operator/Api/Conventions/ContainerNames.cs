namespace ModelOperator.Api.Conventions;

/// <summary>The containers of a model pod.</summary>
public static class ContainerNames
{
    /// <summary>The init container that brings the model and verifies its bytes.</summary>
    public const string Fetch = "fetch";

    /// <summary>The runtime that serves it.</summary>
    public const string Model = "model";
}
