using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelOperator.Telemetry.Health;

/// <summary>A check whose answer is null when well, else what is wrong.</summary>
internal sealed class QuestionCheck(Func<string?> problem) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(problem() is { } what ? HealthCheckResult.Unhealthy(what) : HealthCheckResult.Healthy());
}
