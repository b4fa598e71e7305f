using System.Net.Security;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Controller.Analysis;

/// <summary>Registers the analysis.</summary>
internal static class AnalysisServices
{
    /// <summary>Adds <see cref="IJudge"/>. A <see cref="TimeProvider"/>, <see cref="IKubernetesClient"/>, logging and metrics must be there.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services, AnalysisOptions options) => services
        .AddSingleton(options)
        .AddSingleton(provider => new SecretCredentials(provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new PrometheusClient(
            CreateHttpClient(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SecretCredentials>()))
        .AddSingleton<CounterFeed>()
        .AddSingleton<AnalysisMetrics>()
        .AddSingleton<IJudge, Judge>();

    /// <summary>
    /// Follows no redirects: a query goes where the policy says. Connections are renewed, so that a Prometheus that moved behind its name is found.
    /// </summary>
    public static HttpClient CreateHttpClient(SslClientAuthenticationOptions? tls = null) => new(new SocketsHttpHandler
    {
        SslOptions = tls ?? new SslClientAuthenticationOptions(),
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
