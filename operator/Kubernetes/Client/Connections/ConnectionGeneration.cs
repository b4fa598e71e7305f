using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>The connections made with the same certificates. A retired one takes no new request and lets those under way end.</summary>
internal sealed class ConnectionGeneration : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ServerConnector _connector;
    private readonly HttpMessageInvoker _invoker;
    private int _starting;
    private bool _isRetired;

    public ConnectionGeneration(KubernetesClientConfiguration configuration, TlsMaterial material)
    {
        Material = material;
        _connector = new ServerConnector(configuration, material);
        _invoker = new HttpMessageInvoker(KubernetesHttpHandler.Create(configuration, material, _connector));
    }

    public TlsMaterial Material { get; }

    /// <summary>Whether connections made with this material would be the same.</summary>
    public bool IsOf(X509Certificate2Collection? authorities, X509Certificate2? clientCertificate) =>
        ReferenceEquals(Material.Authorities, authorities) && ReferenceEquals(Material.ClientCertificate, clientCertificate);

    /// <summary>Keeps the handler alive until <see cref="SendAsync"/> has the head of the answer.</summary>
    public void Reserve()
    {
        lock (_gate)
        {
            _starting++;
        }
    }

    /// <summary>Sends a request that <see cref="Reserve"/> was called for; the answer's body outlives the generation.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _invoker.SendAsync(request, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _starting--;
                DisposeWhenUnused();
            }
        }
    }

    /// <summary>No request will come any more. Answers under way, watches too, go on to their end.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            DisposeWhenUnused();
        }
    }

    /// <summary>Ends everything at once: the identity that it was made under is no longer the client's.</summary>
    public void Dispose()
    {
        Retire();
        _connector.Close();
    }

    // A disposed handler closes idle connections and lets the others finish, but takes no request.
    private void DisposeWhenUnused()
    {
        if (_isRetired && _starting == 0)
        {
            _invoker.Dispose();
        }
    }
}
