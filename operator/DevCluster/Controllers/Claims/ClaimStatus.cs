namespace ModelOperator.DevCluster.Controllers.Claims;

/// <summary>What a claim got, by the API's names.</summary>
internal sealed class ClaimStatus
{
    /// <summary><c>Pending</c> or <c>Bound</c>.</summary>
    public string? Phase { get; set; }

    public IList<string>? AccessModes { get; set; }

    public IDictionary<string, string>? Capacity { get; set; }
}
