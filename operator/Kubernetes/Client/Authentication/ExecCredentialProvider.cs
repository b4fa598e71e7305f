using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>
/// Has a plug-in make credentials, by the protocol that kubectl defines: <c>KUBERNETES_EXEC_INFO</c> in, an
/// <c>ExecCredential</c> on standard output out. What the plug-in writes is never quoted.
/// </summary>
internal sealed class ExecCredentialProvider(
    ExecCredentialPlugin plugin, KubernetesClientConfiguration cluster, TimeProvider timeProvider, bool hasTerminal)
    : ICredentialProvider
{
    private readonly ExecProcess _process = new(plugin, timeProvider);
    private X509Certificate2? _certificate;

    public bool KeepsLast => false;

    public async Task<ObtainedCredential> ObtainAsync(CancellationToken cancellationToken)
    {
        var isInteractive = plugin.InteractiveMode != ExecInteractiveMode.Never && hasTerminal;
        if (plugin.InteractiveMode == ExecInteractiveMode.Always && !isInteractive)
        {
            throw Fault("needs a terminal to ask at (interactiveMode: Always), and standard input is none");
        }

        var output = await _process.RunAsync(Info(isInteractive), isInteractive, cancellationToken);
        var status = Parse(output);
        _certificate = Certificate(status);
        var credential = new RequestCredential(
            string.IsNullOrEmpty(status.Token) ? null : new AuthenticationHeaderValue("Bearer", status.Token), _certificate);
        return new ObtainedCredential(credential, status.ExpirationTimestamp);
    }

    private ExecCredentialStatus Parse(byte[] output)
    {
        ExecCredential? answer;
        try
        {
            answer = JsonSerializer.Deserialize<ExecCredential>(output, KubernetesJson.Options);
        }
        catch (JsonException)
        {
            throw Fault("did not write the JSON of an ExecCredential");
        }

        if (answer?.Kind != "ExecCredential")
        {
            throw Fault("wrote something else than an ExecCredential");
        }

        if (answer.ApiVersion != plugin.ApiVersion)
        {
            throw Fault($"was asked for {plugin.ApiVersion} and answered in another version");
        }

        return answer.Status is { } status
            && (!string.IsNullOrEmpty(status.Token) || !string.IsNullOrEmpty(status.ClientCertificateData) || !string.IsNullOrEmpty(status.ClientKeyData))
            ? status
            : throw Fault("wrote neither a token nor a client certificate");
    }

    private X509Certificate2? Certificate(ExecCredentialStatus status)
    {
        if (string.IsNullOrEmpty(status.ClientCertificateData) && string.IsNullOrEmpty(status.ClientKeyData))
        {
            return null;
        }

        if (string.IsNullOrEmpty(status.ClientCertificateData) || string.IsNullOrEmpty(status.ClientKeyData))
        {
            throw Fault("wrote only one of clientCertificateData and clientKeyData");
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(status.ClientCertificateData, status.ClientKeyData);
            // The same certificate again is no rotation, and no reason to close connections.
            return _certificate is { } last && last.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span) ? last : certificate;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Fault("wrote a clientCertificateData and clientKeyData that are no PEM certificate and its key");
        }
    }

    private string Info(bool isInteractive)
    {
        var spec = new JsonObject { ["interactive"] = isInteractive };
        if (plugin.ProvideClusterInfo)
        {
            spec["cluster"] = Cluster();
        }

        return new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }

    private JsonObject Cluster()
    {
        var info = new JsonObject { ["server"] = cluster.Server.GetLeftPart(UriPartial.Path).TrimEnd('/') };
        if (cluster.TlsServerName is { } name)
        {
            info["tls-server-name"] = name;
        }

        if (cluster.SkipTlsVerify)
        {
            info["insecure-skip-tls-verify"] = true;
        }

        if (cluster.CertificateAuthorities is { } authorities)
        {
            info["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities.ExportCertificatePems()));
        }

        if (cluster.Proxy is { } proxy)
        {
            info["proxy-url"] = proxy.OriginalString;
        }

        if (cluster.DisableCompression)
        {
            info["disable-compression"] = true;
        }

        if (plugin.ClusterConfig is { } config)
        {
            info["config"] = config.DeepClone();
        }

        return info;
    }

    private CredentialsException Fault(string fault) => new($"exec plug-in {plugin.Command} {fault}");
}
