namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>What a strategy may use of the server.</summary>
/// <param name="Time">The clock.</param>
/// <param name="ServiceAddresses">Gives out cluster IPs.</param>
internal sealed record StrategyContext(TimeProvider Time, ServiceAddressPool ServiceAddresses)
{
    public string Now => Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
