using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client.Authentication;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>Sends requests over connections made with the certificates of the day; swaps them when these rotate.</summary>
internal sealed class ConnectionPool(KubernetesClientConfiguration configuration, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private readonly TlsFiles _files = new(configuration, timeProvider, logger);
    private readonly Lock _gate = new();
    private ConnectionGeneration? _current;
    private RequestCredential _newest = RequestCredential.None;
    private bool _isDisposed;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RequestCredential credential, CancellationToken cancellationToken) =>
        Reserve(credential).SendAsync(request, cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _current?.Dispose();
            _current = null;
        }
    }

    private ConnectionGeneration Reserve(RequestCredential credential)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            // A request that took its credential before a rotation must not bring the old certificate back.
            _newest = credential.Sequence >= _newest.Sequence ? credential : _newest;
            var files = _files.Current();
            var certificate = _newest.ClientCertificate ?? files.ClientCertificate;
            if (_current?.IsOf(files.Authorities, certificate) != true)
            {
                Replace(files.Authorities, certificate);
            }

            _current!.Reserve();
            return _current;
        }
    }

    private void Replace(X509Certificate2Collection? authorities, X509Certificate2? certificate)
    {
        var retired = _current;
        _current = new ConnectionGeneration(configuration, new TlsMaterial(authorities, certificate));
        if (configuration.Exec is not null && !ReferenceEquals(retired?.Material.ClientCertificate, certificate))
        {
            retired?.Dispose();
        }
        else
        {
            retired?.Retire();
        }
    }
}
