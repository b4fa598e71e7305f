using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>
/// Certificates whose files are read again every five minutes, because they rotate. What cannot be read, or is half
/// written, leaves the last ones in use. Not for several threads at once.
/// </summary>
internal sealed partial class TlsFiles
{
    // client-go's interval.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly KubernetesClientConfiguration _configuration;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private TlsMaterial _material;
    private string? _authorityPem;
    private string? _certificatePem;
    private long _readAt;

    public TlsFiles(KubernetesClientConfiguration configuration, TimeProvider timeProvider, ILogger logger)
    {
        _configuration = configuration;
        _timeProvider = timeProvider;
        _logger = logger;
        _material = new TlsMaterial(configuration.CertificateAuthorities, configuration.ClientCertificate);
        _readAt = timeProvider.GetTimestamp();
        _authorityPem = configuration.CertificateAuthorities?.ExportCertificatePems();
        _certificatePem = configuration.ClientCertificate?.ExportCertificatePem();
    }

    /// <summary>What connections are made with now; the same instance as long as nothing changes.</summary>
    public TlsMaterial Current()
    {
        if (_timeProvider.GetElapsedTime(_readAt) >= Interval)
        {
            _readAt = _timeProvider.GetTimestamp();
            ReadAuthorities();
            ReadClientCertificate();
        }

        return _material;
    }

    private void ReadAuthorities()
    {
        if (_configuration.CertificateAuthorityFile is not { } path)
        {
            return;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            var pem = authorities.ExportCertificatePems();
            if (authorities.Count == 0)
            {
                LogKept(path, "it holds no PEM certificate");
            }
            else if (pem != _authorityPem)
            {
                (_authorityPem, _material) = (pem, _material with { Authorities = authorities });
                LogRead(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogKept(path, error.Message);
        }
    }

    private void ReadClientCertificate()
    {
        if (_configuration is not { ClientCertificateFile: { } path, ClientKeyFile: { } keyPath })
        {
            return;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(path, keyPath);
            var pem = certificate.ExportCertificatePem();
            if (pem != _certificatePem)
            {
                (_certificatePem, _material) = (pem, _material with { ClientCertificate = certificate });
                LogRead(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogKept(path, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has changed; new connections use it.")]
    private partial void LogRead(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be used: {Fault}. The last certificates stay in use.")]
    private partial void LogKept(string path, string fault);
}
