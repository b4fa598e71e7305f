using System.Collections.Concurrent;
using ModelOperator.Judgement.Prometheus;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>The queries of one look: equal ones are asked once, and not all at the same time.</summary>
internal sealed class LookQueries(PrometheusClient client) : IDisposable
{
    private const int AtATime = 4;

    private readonly ConcurrentDictionary<(PrometheusServer Server, string Query, DateTimeOffset At), Lazy<Task<PrometheusResult>>> _asked = new();
    private readonly SemaphoreSlim _turns = new(AtATime);

    /// <inheritdoc cref="PrometheusClient.QueryAsync"/>
    public Task<PrometheusResult> AskAsync(PrometheusServer server, string query, DateTimeOffset at, CancellationToken ct) =>
        _asked.GetOrAdd((server, query, at), key => new(() => QueryAsync(key.Server, key.Query, key.At, ct))).Value;

    public void Dispose() => _turns.Dispose();

    private async Task<PrometheusResult> QueryAsync(PrometheusServer server, string query, DateTimeOffset at, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            return await client.QueryAsync(server, query, at, ct);
        }
        finally
        {
            _turns.Release();
        }
    }
}
