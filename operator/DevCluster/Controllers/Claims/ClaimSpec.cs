namespace ModelOperator.DevCluster.Controllers.Claims;

/// <summary>What a claim asks for, by the API's names.</summary>
internal sealed class ClaimSpec
{
    public IList<string>? AccessModes { get; set; }

    public Kubernetes.Models.V1ResourceRequirements? Resources { get; set; }

    /// <summary>The volume that it is bound to.</summary>
    public string? VolumeName { get; set; }
}
