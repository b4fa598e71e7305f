using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>What a TLS connection is made with.</summary>
/// <param name="Authorities">The only roots; null: the system's.</param>
/// <param name="ClientCertificate">What the client shows; null: nothing.</param>
internal sealed record TlsMaterial(X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate)
{
    /// <summary>Sets the options of a connection. The name and the expiry are always checked by the platform.</summary>
    public void ApplyTo(SslClientAuthenticationOptions options, bool skipVerify)
    {
        if (skipVerify)
        {
#pragma warning disable CA5359 // The user said so: insecure-skip-tls-verify.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (Authorities is not null)
        {
            // A chain policy keeps the name and expiry checks on; a callback would have to repeat them by hand.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Authorities);
            options.CertificateChainPolicy = policy;
        }

        if (ClientCertificate is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(ClientCertificate, additionalCertificates: null);
        }
    }
}
