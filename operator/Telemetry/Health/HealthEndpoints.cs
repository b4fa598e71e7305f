using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelOperator.Telemetry.Health;

/// <summary>
/// <c>/livez</c> and <c>/readyz</c> as Kubernetes' own programs answer them: 200 with <c>ok</c>, or 503 with one line
/// per check that says what is wrong; <c>?verbose</c> lists the checks that pass as well.
/// </summary>
public static class HealthEndpoints
{
    /// <summary>
    /// Sets health checks up; add your own to the result, tagged with <see cref="HealthTags"/>. A program that was
    /// told to stop is not ready, without any check of its own.
    /// </summary>
    public static IHealthChecksBuilder AddHealthEndpoints(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<ShutdownCheck>("shutdown", tags: [HealthTags.Ready]);

    /// <summary>Adds a check that is a question asked of a service: null when well, else what is wrong.</summary>
    public static IHealthChecksBuilder AddReadyCheck<TService>(this IHealthChecksBuilder checks, string name, Func<TService, string?> problem)
        where TService : notnull =>
        checks.Add(new HealthCheckRegistration(
            name, provider => new QuestionCheck(() => problem(provider.GetRequiredService<TService>())), null, [HealthTags.Ready]));

    /// <summary>The same for liveness: only for what a restart would mend.</summary>
    public static IHealthChecksBuilder AddLiveCheck<TService>(this IHealthChecksBuilder checks, string name, Func<TService, string?> problem)
        where TService : notnull =>
        checks.Add(new HealthCheckRegistration(
            name, provider => new QuestionCheck(() => problem(provider.GetRequiredService<TService>())), null, [HealthTags.Live]));

    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>.</summary>
    public static void MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/livez", Options(HealthTags.Live));
        endpoints.MapHealthChecks("/readyz", Options(HealthTags.Ready));
    }

    private static HealthCheckOptions Options(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = Write,
    };

    private static Task Write(HttpContext context, HealthReport report)
    {
        var body = new StringBuilder();
        var verbose = context.Request.Query.ContainsKey("verbose");
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status != HealthStatus.Healthy)
            {
                body.Append("[-]").Append(name).Append(" failed: ").Append(entry.Description ?? entry.Exception?.Message).Append('\n');
            }
            else if (verbose)
            {
                body.Append("[+]").Append(name).Append(" ok\n");
            }
        }
        body.Append(report.Status == HealthStatus.Healthy ? "ok" : "failed").Append('\n');
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(body.ToString(), context.RequestAborted);
    }
}
