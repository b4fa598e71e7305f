using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ModelOperator.Telemetry.Hosting;

/// <summary>
/// Listeners with names. A program serves several ports with different things behind them (requests, metrics,
/// health); which one a request came in by is a property of its connection, not of a Host header that anyone can write.
/// </summary>
public static class KestrelBinding
{
    /// <summary>Listens on <c>POD_IP</c> when it is set, else on all addresses.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="name">What <see cref="MapListener"/> calls it.</param>
    /// <param name="port">0 takes any free one.</param>
    /// <param name="protocols">Clear text cannot negotiate: HTTP/1.1 and HTTP/2 need ports of their own.</param>
    /// <param name="address">Instead of <c>POD_IP</c>.</param>
    public static void ListenOnPod(
        this KestrelServerOptions kestrel, string name, int port, HttpProtocols protocols = HttpProtocols.Http1, IPAddress? address = null)
    {
        var listener = new ListenerFeature(name);
        void Configure(ListenOptions options)
        {
            options.Protocols = protocols;
            options.Use(next => connection =>
            {
                connection.Features.Set(listener);
                return next(connection);
            });
        }
        if ((address ?? PodAddress.FromEnvironment()) is { } one)
        {
            kestrel.Listen(one, port, Configure);
        }
        else
        {
            kestrel.ListenAnyIP(port, Configure);
        }
    }

    /// <summary>
    /// What answers on one listener: a pipeline with routing of its own, so that nothing mapped elsewhere is
    /// reachable here.
    /// </summary>
    public static void MapListener(this IApplicationBuilder app, string name, Action<IApplicationBuilder> configure) =>
        app.MapWhen(context => context.Features.Get<ListenerFeature>()?.Name == name, configure);

    /// <summary>Where the server listens, in the order of the <see cref="ListenOnPod"/> calls; known once it has started.</summary>
    public static IReadOnlyList<Uri> ListeningOn(this IApplicationBuilder app) =>
    [
        .. app.ApplicationServices.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Select(text => new Uri(text)) ?? [],
    ];

    private sealed record ListenerFeature(string Name);
}
