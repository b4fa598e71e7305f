using ModelOperator.Judgement.Prometheus;
namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Finds what a Secret holds to authenticate with.</summary>
internal interface ICredentialSource
{
    /// <summary>The credentials as they are now, or were up to a minute ago.</summary>
    /// <exception cref="PrometheusException">There is no such Secret, or it holds nothing that can be used; never quotes what it holds.</exception>
    Task<PrometheusCredentials> GetAsync(SecretName secret, CancellationToken ct);
}
