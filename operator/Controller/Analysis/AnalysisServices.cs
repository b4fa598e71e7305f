using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Analysis;

/// <summary>Registers the analysis.</summary>
internal static class AnalysisServices
{
    /// <summary>Adds <see cref="IJudge"/>. A <see cref="TimeProvider"/> and logging must be there.</summary>
    public static IServiceCollection AddAnalysis(this IServiceCollection services, AnalysisOptions options) => services
        .AddSingleton(options)
        .AddSingleton(provider => new PrometheusClient(CreateHttpClient(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IJudge, Judge>();

    /// <summary>
    /// Follows no redirects: a query goes where the policy says. Connections are renewed, so that a Prometheus that moved behind its name is found.
    /// </summary>
    public static HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
