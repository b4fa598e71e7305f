using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer;

/// <summary>A running Kubernetes API server with its own certificate authority and token. Everything is in memory and ends with it.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ApiServerServices _services;
    private readonly ClusterCertificates _certificates;

    private ApiServerHost(WebApplication application, ApiServerServices services, ClusterCertificates certificates, string token)
    {
        _application = application;
        _services = services;
        _certificates = certificates;
        Token = token;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>Where it listens, such as <c>https://127.0.0.1:6443</c>.</summary>
    public Uri Address { get; }

    /// <summary>The authority that signed the server's certificate, as PEM.</summary>
    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>The bearer token of the one user there is.</summary>
    public string Token { get; }

    /// <summary>A kubeconfig file for this server. It holds the token: keep it from other users.</summary>
    public string Kubeconfig => $"""
        apiVersion: v1
        kind: Config
        current-context: devcluster
        clusters:
        - name: devcluster
          cluster:
            server: {Address.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(AuthorityPem))}
        users:
        - name: devcluster
          user:
            token: {Token}
        contexts:
        - name: devcluster
          context:
            cluster: devcluster
            user: devcluster
            namespace: default

        """;

    internal ObjectStore Store => _services.Store;

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        time ??= TimeProvider.System;
        var certificates = ClusterCertificates.Create(time);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var services = new ApiServerServices(options, token, time);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 250;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificates.Server);
            });
        });

        var application = builder.Build();
        var pipeline = new RequestPipeline(services);
        application.Run(context => pipeline.HandleAsync(context, application.Lifetime.ApplicationStopping));
        await services.Bootstrap.CreateNamespacesAsync(cancellationToken);
        await services.Bootstrap.CreateRolesAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
        var host = new ApiServerHost(application, services, certificates, token);
        await services.Bootstrap.CreateServiceAsync(host.Address, cancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _services.Dispose();
        _certificates.Dispose();
    }
}
